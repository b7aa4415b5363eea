// The page's Python in this Node process or thread.
export { startInNode } from '../../www/scripts/python_in_node.mjs';
export { nodeBuild, prepare, pythonBuild } from '../../www/scripts/python.mjs';

/** What Node takes of the page's Python: bundled into build/python-node/host.mjs by www/scripts/python.mjs. */
export { bootPython } from '../../workers/python.boot';

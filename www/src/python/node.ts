/** What Node takes of the page's Python: bundled into target/python/host.mjs by www/scripts/python.mjs. */
export { bootPython, EMPTY_LOCK, joinEngines } from '../../workers/python.boot';
export { INTERRUPT } from '../../workers/python.protocol';
export { serve } from '../../workers/python.roles';
export { PythonSession } from './session';

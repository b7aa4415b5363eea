/** What the browser tests of Python reach on their page. */
export { createPythonClient } from '../../www/src/python/client';
export { fetchPythonFiles } from '../../www/src/python/files';
export { openSandbox } from '../../www/src/python/sandbox';

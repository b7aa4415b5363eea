"""Compiles Python sources to a stored zip of .pyc files. Runs inside Pyodide under Node (see python.mjs)."""

import importlib.util
import io
import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc

# Left out of the standard library: debuggers, servers, mail, XML and what starts other processes. None of them can
# do anything in a sandboxed page, and together they are a third of its weight.
LEFT_OUT = {
    "_pyrepl", "bdb", "ctypes", "doctest", "email", "ensurepip", "ftplib", "html", "http", "idlelib", "imaplib",
    "lib2to3", "mailbox", "multiprocessing", "nntplib", "pdb", "plistlib", "poplib", "pydoc", "pydoc_data", "sqlite3",
    "smtplib", "socketserver", "tkinter", "turtle", "turtledemo", "unittest", "venv", "webbrowser", "wsgiref", "xml",
    "xmlrpc", "zipapp", "pyodide/http", "_sysconfigdata__emscripten_wasm32-emscripten", "modulefinder", "pickletools",
    "profile", "cProfile", "trace", "mimetypes", "optparse", "_android_support", "_ios_support", "_apple_support",
    "curses", "dbm", "wave", "ipaddress", "configparser", "netrc", "nturl2path", "tarfile", "telnetlib", "uuid",
}
KEPT_ENCODINGS = {
    "__init__", "aliases", "ascii", "utf_8", "utf_8_sig", "latin_1", "utf_16", "utf_16_le", "utf_16_be", "utf_32",
    "utf_32_le", "utf_32_be", "unicode_escape", "raw_unicode_escape", "charmap", "cp1252", "cp437", "gbk", "gb18030",
    "gb2312", "big5", "idna", "punycode", "base64_codec", "hex_codec", "rot_13", "undefined",
}


def keeps(path):
    parts = path.removesuffix(".py").split("/")
    if parts[0] == "encodings" and parts[1] not in KEPT_ENCODINGS:
        return False
    return not any("/".join(parts[:depth]) in LEFT_OUT for depth in range(1, len(parts) + 1))


def compile_to_pyc(path, source, where):
    """The .pyc of a source, never checked against it again: nothing in the page changes the sources."""
    code = compile(source, f"{where}/{path}", "exec", dont_inherit=True, optimize=0)
    return bytes(_code_to_hash_pyc(code, importlib.util.source_hash(source), checked=False))


def write_zip(files):
    """A zip without compression (the host or gzip compresses the whole, better), equal for equal files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            archive.writestr(zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), files[path])
    return out.getvalue()


def compile_standard_library(stock_zip, where):
    files = {}
    with zipfile.ZipFile(io.BytesIO(stock_zip)) as archive:
        for path in archive.namelist():
            if path.endswith("/") or path.endswith(".pyc") or not keeps(path):
                continue
            content = archive.read(path)
            if path.endswith(".py"):
                files[path.removesuffix("py") + "pyc"] = compile_to_pyc(path, content, where)
            else:
                files[path] = content
    return write_zip(files)


def compile_packages(sources, where):
    """Our packages keep their sources beside the .pyc, so that a traceback can show their lines."""
    files = {}
    for path, content in sources.items():
        files[path] = content
        if path.endswith(".py"):
            files[path.removesuffix("py") + "pyc"] = compile_to_pyc(path, content, where)
    return write_zip(files)

/** A sandboxed frame of opaque origin, and the Python workers in it. */
import type { Role } from '../../workers/python.protocol';
import type { FrameReport, FrameRequest, OpenMessage } from './frame';
import type { PythonFiles } from './files';
import type { Channel, Spawner } from './runtime';

/** No host anywhere: scripts, workers and fetches only from blobs that the frame itself made. */
const POLICY =
  "default-src 'none'; script-src 'unsafe-inline' blob: 'wasm-unsafe-eval'; worker-src blob:; connect-src blob:";

/** How long the frame may take to end a worker before it counts as gone. */
const ANSWERS_WITHIN_MS = 8000;

/** The frame is asked this often whether it is there; its own thread is never busy for long. */
const ASK_EVERY_MS = 2000;

/** So many questions without an answer, and it counts as gone: a laden machine may be slow for some seconds. */
const UNANSWERED_AT_MOST = 5;

/** Before its first word it loads, and copies and compiles ten megabytes, beside another that does the same. */
const UNANSWERED_AT_FIRST = 30;

export function openSandbox(files: PythonFiles): Spawner {
  const channels = new Map<number, Channel>();
  const terminating = new Map<number, ReturnType<typeof setTimeout>>();
  let frame: Frame | null = null;
  let nextId = 0;
  let unanswered = 0;
  let heard = false;

  // No event tells that a browser ended the frame's process, nor is a port whose other end is gone closed.
  function ask() {
    if (!frame) return;
    const most = heard ? UNANSWERED_AT_MOST : UNANSWERED_AT_FIRST;
    if (!frame.element.isConnected || ++unanswered > most) close('the sandbox went away');
    else frame.control.postMessage({ type: 'ask' } satisfies FrameRequest);
  }
  const asking = setInterval(ask, ASK_EVERY_MS);

  function receive(report: FrameReport) {
    unanswered = 0;
    heard = true;
    if (report.type === 'here') return;
    if (report.type === 'terminated') {
      clearTimeout(terminating.get(report.id));
      terminating.delete(report.id);
    } else if (report.type === 'died') {
      channels.get(report.id)?.onDeath?.(report.text);
    } else {
      close(report.text);
    }
  }

  /** The next worker gets a new frame. */
  function close(text: string) {
    unanswered = 0;
    heard = false;
    for (const timer of terminating.values()) clearTimeout(timer);
    terminating.clear();
    frame?.control.close();
    frame?.element.remove();
    frame = null;
    for (const channel of [...channels.values()]) channel.onDeath?.(text);
    channels.clear();
  }

  return {
    spawn(role: Role): Channel {
      if (frame && !frame.element.isConnected) close('the sandbox went away');
      const home = (frame ??= openFrame(files, receive));
      const id = nextId++;
      const { port1, port2 } = new MessageChannel();
      const channel: Channel = {
        post: (message) => port1.postMessage(message),
        interrupt: () => {
          if (frame === home) home.control.postMessage({ type: 'interrupt', id } satisfies FrameRequest);
        },
        terminate() {
          port1.close();
          if (!channels.delete(id) || frame !== home) return;
          home.control.postMessage({ type: 'terminate', id } satisfies FrameRequest);
          // A browser short of memory may end the frame's process, and tells nobody.
          terminating.set(id, setTimeout(() => close('the sandbox went away'), ANSWERS_WITHIN_MS));
        },
      };
      port1.onmessage = ({ data }) => channel.onMessage?.(data);
      channels.set(id, channel);
      home.control.postMessage({ type: 'spawn', id, role, port: port2 } satisfies FrameRequest, [port2]);
      return channel;
    },
    dispose() {
      clearInterval(asking);
      close('disposed');
    },
  };
}

interface Frame {
  element: HTMLIFrameElement;
  /** What is sent before the frame has loaded waits in it. */
  control: MessagePort;
}

function openFrame(files: PythonFiles, onReport: (report: FrameReport) => void): Frame {
  const element = document.createElement('iframe');
  element.setAttribute('sandbox', 'allow-scripts');
  // Where the page may share memory, the frame may too, among its own workers.
  element.allow = 'cross-origin-isolated';
  element.setAttribute('aria-hidden', 'true');
  element.tabIndex = -1;
  element.title = 'Python';
  element.style.display = 'none';
  const script = new TextDecoder().decode(files.frame).replaceAll('</script', '<\\/script');
  element.srcdoc =
    `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}">` +
    `<script>${script}</script>`;

  const { port1: control, port2 } = new MessageChannel();
  control.onmessage = ({ data }: MessageEvent<FrameReport>) => onReport(data);
  const { engineGlue: pythonGlue, trainGlue, trainWasm } = files;
  const engine = pythonGlue && trainGlue && trainWasm ? { pythonGlue, trainGlue, trainWasm } : null;
  const open: OpenMessage = {
    type: 'open',
    worker: files.worker,
    pythonWasm: files.wasm,
    files: {
      loader: files.loader,
      core: files.core,
      stdlib: files.stdlib,
      snapshot: files.snapshot,
      packages: files.packages,
      ...(engine ? { engine } : {}),
    },
    ...(files.engineWasm ? { engineWasm: files.engineWasm } : {}),
  };
  element.addEventListener(
    'load',
    // Its origin is opaque, so it can't be named.
    () => element.contentWindow!.postMessage(open, '*', [port2]),
    { once: true },
  );
  document.body.append(element);
  return { element, control };
}

/** A sandboxed frame of opaque origin, and the Python workers in it. */
import type { Role } from '../../workers/python.protocol';
import type { FrameReport, FrameRequest, OpenMessage } from './frame';
import type { PythonFiles } from './files';
import type { Channel, Spawner } from './runtime';

/** No host anywhere: scripts, workers and fetches only from blobs that the frame itself made. */
const POLICY =
  "default-src 'none'; script-src 'unsafe-inline' blob: 'wasm-unsafe-eval'; worker-src blob:; connect-src blob:";

export async function openSandbox(files: PythonFiles): Promise<Spawner> {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.setAttribute('aria-hidden', 'true');
  frame.tabIndex = -1;
  frame.title = 'Python';
  frame.style.display = 'none';
  const script = new TextDecoder().decode(files.frame).replaceAll('</script', '<\\/script');
  frame.srcdoc =
    `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}">` +
    `<script>${script}</script>`;
  await new Promise((resolve) => {
    frame.addEventListener('load', resolve, { once: true });
    document.body.append(frame);
  });

  const { port1: control, port2 } = new MessageChannel();
  const open: OpenMessage = {
    type: 'open',
    worker: files.worker,
    pythonWasm: files.wasm,
    files: {
      loader: files.loader,
      core: files.core,
      stdlib: files.stdlib,
      packages: files.packages,
      ...(files.engineGlue ? { engineGlue: files.engineGlue } : {}),
    },
    ...(files.engineWasm ? { engineWasm: files.engineWasm } : {}),
  };
  // Its origin is opaque, so it can't be named.
  frame.contentWindow!.postMessage(open, '*', [port2]);

  const channels = new Map<number, Channel>();
  control.onmessage = ({ data }: MessageEvent<FrameReport>) => {
    for (const [id, channel] of channels) {
      if (data.type === 'failed' || data.id === id) channel.onDeath?.(data.text);
    }
  };
  let nextId = 0;
  return {
    spawn(role: Role): Channel {
      const id = nextId++;
      const { port1, port2 } = new MessageChannel();
      const channel: Channel = {
        post: (message) => port1.postMessage(message),
        terminate() {
          port1.close();
          channels.delete(id);
          control.postMessage({ type: 'terminate', id } satisfies FrameRequest);
        },
      };
      port1.onmessage = ({ data }) => channel.onMessage?.(data);
      channels.set(id, channel);
      control.postMessage({ type: 'spawn', id, role, port: port2 } satisfies FrameRequest, [port2]);
      return channel;
    },
    dispose() {
      control.close();
      frame.remove();
    },
  };
}

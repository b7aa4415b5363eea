/** The reader's own files, as the page shows them. */
import { droppedFiles, dropFiles, onDropped, removeFile } from '../python/dropped.ts';

let current = $state.raw(droppedFiles());
onDropped((files) => {
  current = files;
});

export const dropped = () => current;
export { dropFiles, removeFile };

/** What a drop brings: its files, and whether there were folders among them, which have no bytes. */
export function takenFrom(transfer: DataTransfer): { files: File[]; folders: boolean } {
  const files: File[] = [];
  let folders = false;
  for (const item of transfer.items) {
    if (item.kind !== 'file') continue;
    if (item.webkitGetAsEntry?.()?.isDirectory) folders = true;
    else {
      const file = item.getAsFile();
      if (file) files.push(file);
    }
  }
  return { files, folders };
}

/** A figure as a file: the page's colours and fonts are written into a copy of it. */

const PROPERTIES = ['fill', 'stroke', 'font-family'] as const;

export function svgText(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const [own, copies] = [svg.querySelectorAll<SVGElement>('*'), copy.querySelectorAll<SVGElement>('*')];
  own.forEach((element, at) => {
    const style = getComputedStyle(element);
    const target = copies[at]!;
    for (const name of PROPERTIES) {
      if (name === 'font-family' ? element.localName === 'text' : element.hasAttribute(name)) target.setAttribute(name, style.getPropertyValue(name));
    }
    if (element.localName === 'image') target.setAttribute('style', `image-rendering: ${style.getPropertyValue('image-rendering')}`);
    target.removeAttribute('class');
  });
  const [, , width, height] = (svg.getAttribute('viewBox') ?? '').split(' ').map(Number);
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  const [left, top] = (svg.getAttribute('viewBox') ?? '0 0').split(' ');
  for (const [name, value] of Object.entries({ x: left, y: top, width, height })) ground.setAttribute(name, String(value));
  ground.setAttribute('fill', getComputedStyle(svg).getPropertyValue('--surface').trim() || 'none');
  copy.insertBefore(ground, copy.firstChild);
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  for (const name of ['class', 'style', 'role', 'aria-label']) copy.removeAttribute(name);
  return new XMLSerializer().serializeToString(copy);
}

/** Twice as fine as the figure. */
export async function pngBlob(svg: SVGSVGElement): Promise<Blob> {
  const [, , width = 1, height = 1] = (svg.getAttribute('viewBox') ?? '').split(' ').map(Number);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgText(svg))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(2 * width);
  canvas.height = Math.round(2 * height);
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png'));
}

/** Hands a file to the reader. */
export function download(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// A uPlot in an element of the page: as wide as the element, in its colours and type.
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

export const colourOf = (host: HTMLElement, name: string): string => getComputedStyle(host).getPropertyValue(name).trim();

export interface Parts {
  scales: uPlot.Scales;
  x: uPlot.Axis;
  y: uPlot.Axis;
  series: uPlot.Series[];
  /** Top, right, bottom, left. */
  padding: uPlot.Padding;
}

/** Draws it and keeps its width the element's; `destroy` ends both. */
export function mountPlot(host: HTMLElement, height: number, { scales, x, y, series, padding }: Parts, data: uPlot.AlignedData): { plot: uPlot; destroy: () => void } {
  const axis: uPlot.Axis = {
    stroke: colourOf(host, '--muted'),
    font: `12px ${getComputedStyle(host).fontFamily}`,
    grid: { stroke: colourOf(host, '--line'), width: 1 },
    ticks: { show: false },
  };
  const options: uPlot.Options = {
    width: host.clientWidth || 320,
    height,
    padding,
    legend: { show: false },
    cursor: { show: false },
    scales,
    axes: [
      { ...axis, size: 30, gap: 4, ...x },
      { ...axis, gap: 6, ...y },
    ],
    series: [{}, ...series],
  };
  const plot = new uPlot(options, data, host);
  const observer = new ResizeObserver(() => {
    const width = host.clientWidth;
    if (width > 0 && width !== plot.width) plot.setSize({ width, height });
  });
  observer.observe(host);
  return {
    plot,
    destroy() {
      observer.disconnect();
      plot.destroy();
    },
  };
}

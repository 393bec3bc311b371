import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { clockTime } from '../../format/time.ts'
import type { Aligned } from './temperature-series.ts'

/** The only file that knows the charting library. */
export interface TemperatureChart {
  update(data: Aligned): void
  resize(width: number): void
  remove(): void
}

interface Options {
  /** One per series, as CSS custom properties: `--g-hands`. */
  readonly colours: readonly string[]
  readonly language: string
  readonly width: number
  readonly height: number
}

const lineWidth = 2
const targetWidth = 1.5
const dash = [4, 4]
const floorC = 50
/** A chart that has just begun is not stretched over its whole width. */
const shortestS = 300
/** Seconds between two times on the axis: never twice the same minute. */
const minuteSteps = [60, 120, 300, 600, 900, 1_800]

/** Draws into `host` with the colours of the theme that is on: draw anew when it changes. */
export function drawTemperatures(host: HTMLElement, options: Options): TemperatureChart {
  const style = getComputedStyle(host)
  const colour = (name: string) => style.getPropertyValue(name).trim()
  const axis = {
    stroke: colour('--g-ink2'),
    font: `11px ${style.fontFamily}`,
    ticks: { show: false },
    grid: { stroke: colour('--g-line'), width: 1 },
  }
  const plot = new uPlot(
    {
      width: options.width,
      height: options.height,
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { range: (_, min, max) => [Math.min(min ?? 0, (max ?? 0) - shortestS), max ?? 0] },
        y: { range: (_, __, max) => [0, Math.max(floorC, (max ?? 0) * 1.08)] },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          space: 60,
          size: 28,
          incrs: minuteSteps,
          values: (_, times) => times.map(at => clockTime(at * 1000, options.language)),
        },
        { ...axis, size: 42, space: 40 },
      ],
      series: [
        {},
        ...options.colours.map(name => ({
          stroke: colour(name),
          width: targetWidth,
          dash,
          alpha: 0.6,
          points: { show: false },
          paths: uPlot.paths.stepped?.({ align: 1 }),
        })),
        ...options.colours.map(name => ({
          stroke: colour(name),
          width: lineWidth,
          points: { show: false },
        })),
      ],
    },
    [[], ...options.colours.flatMap(() => [[], []])],
    host,
  )
  return {
    update: ({ times, actual, target }) => plot.setData([times, ...target, ...actual]),
    resize: width => plot.setSize({ width, height: options.height }),
    remove: () => plot.destroy(),
  }
}

// What the page uses of plotly.js, which its script tag puts on the window.

interface PlotlyElement extends HTMLElement {
  data: Record<string, any>[];
  layout: Record<string, any>;
  on(event: string, listener: (event: any) => void): void;
  removeAllListeners(event: string): void;
}

interface PlotlyModule {
  newPlot(
    element: HTMLElement,
    data: object[],
    layout?: object,
    config?: object,
  ): Promise<PlotlyElement>;
  react(
    element: HTMLElement,
    data: object[],
    layout?: object,
    config?: object,
  ): Promise<PlotlyElement>;
  restyle(element: HTMLElement, update: object, traces?: number | number[]): Promise<PlotlyElement>;
  relayout(element: HTMLElement, update: object): Promise<PlotlyElement>;
  update(
    element: HTMLElement,
    data: object,
    layout: object,
    traces?: number | number[],
  ): Promise<PlotlyElement>;
  addTraces(
    element: HTMLElement,
    traces: object | object[],
    at?: number | number[],
  ): Promise<PlotlyElement>;
  deleteTraces(element: HTMLElement, traces: number | number[]): Promise<PlotlyElement>;
  downloadImage(element: HTMLElement, options: object): Promise<string>;
  toImage(element: HTMLElement, options: object): Promise<string>;
  purge(element: HTMLElement): void;
  Plots: { resize(element: HTMLElement): Promise<void> };
}

declare const Plotly: PlotlyModule;

interface Window {
  Plotly: PlotlyModule;
}

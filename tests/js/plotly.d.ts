// What the page uses of plotly.js, which its script tag puts on the window.

// Fields that begin with an underscore, and a scene, are Plotly's own: only webgl/plotly-scene.js and ui/plotly.js
// may read them.

type PlotlyNumbers = (number | null)[];

interface PlotlyTrace {
  type: string;
  uid: string;
  name?: string;
  scene?: string;
  mode: string;
  cmin?: number;
  cmax?: number;
  zmin?: number;
  zmax?: number;
  meta: {
    run?: number;
    path?: boolean;
    set?: string;
    step?: number;
    halo?: string;
  };
  x: PlotlyNumbers;
  y: PlotlyNumbers;
  z: PlotlyNumbers;
  text?: string[];
  line: { color: string; width: number; dash: string };
  marker: { color: string[]; size: number[]; line: { color: string } };
}

interface PlotlyElement extends HTMLElement {
  data: PlotlyTrace[];
  layout: Record<string, unknown>;
  _fullData: PlotlyTrace[];
  _fullLayout?: Record<string, { _scene?: PlotlyScene }> & {
    xaxis: PlotlyAxis;
    yaxis: PlotlyAxis;
    width: number;
    height: number;
    _subplots: { gl3d?: string[] };
  };
  on(event: string, listener: (event: Record<string, PlotlyCamera | undefined>) => void): void;
  removeAllListeners(event: string): void;
}

interface PlotlyAxis {
  p2d(pixels: number): number;
  d2p(value: number): number;
  _offset: number;
  _length: number;
  l2p(value: number): number;
  p2l(pixels: number): number;
}

interface PlotlyPlace {
  x: number;
  y: number;
  z: number;
}

interface PlotlyCamera {
  eye: PlotlyPlace;
  center: PlotlyPlace;
  up: PlotlyPlace;
}

interface PlotlySceneAxis {
  range: number[];
  d2l(value: number): number;
  r2l(value: number): number;
}

interface PlotlySceneObject {
  dirty: boolean;
  pick(where: unknown): { dataCoordinate?: unknown; position: unknown } | null;
  draw(...how: unknown[]): void;
  drawTransparent(...how: unknown[]): void;
}

interface PlotlySceneTrace {
  linePlot?: PlotlySceneObject;
  scatterPlot?: PlotlySceneObject;
  refineData?: boolean;
  setContourLevels?: () => void;
  update(trace: PlotlyTrace): void;
}

interface PlotlyShader {
  _vref?: { count: number };
  _fref?: { count: number };
}

interface PlotlyPainter {
  gl: WebGLRenderingContext;
  axes: Record<"_lines" | "_text" | "_background", { shader?: PlotlyShader } | undefined>;
  objects: PlotlySceneObject[];
  canvas: HTMLCanvasElement;
  pixelRatio: number;
  cameraParams: Record<"model" | "view" | "projection", ArrayLike<number>>;
  onrender(): void;
  redraw(): void;
  update(options: object): void;
}

interface PlotlyScene {
  id: string;
  glplot: PlotlyPainter;
  traces: Record<string, PlotlySceneTrace>;
  dataScale: number[];
  fullSceneLayout: Record<"xaxis" | "yaxis" | "zaxis", PlotlySceneAxis>;
  camera: { lookAt(eye: number[], center: number[], up: number[]): void };
  getCamera(): PlotlyCamera;
  saveLayout(layout: object): void;
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
  toImage(
    figure: HTMLElement | { data: object[]; layout: object },
    options: object,
  ): Promise<string>;
  purge(element: HTMLElement): void;
  Plots: { resize(element: HTMLElement): Promise<void> };
}

declare const Plotly: PlotlyModule;

interface Window {
  Plotly: PlotlyModule;
}

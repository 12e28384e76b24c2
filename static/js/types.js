/**
 * The shapes of what travels between the server and the page. Types only.
 *
 * @typedef {{name: string, default?: number|null, minimum: number, maximum: number,
 *   exclusive_minimum?: boolean, integer?: boolean, scale?: "linear"|"log"}} Range
 * @typedef {{x: number[], y: number[], target: number[]}} Thumbnail
 * @typedef {{name: string, label?: string, formula?: string, parameters: Range[],
 *   outputs?: string[]|null, task?: string|null, inputs?: number|null, classes?: number|null,
 *   output_only?: boolean, curve?: Curve|null, thumbnail?: Thumbnail|null}} Choice
 * @typedef {{x: number[], y: number[], slope?: number[]|null}} Curve   a function, sampled
 * @typedef {{name: string, [parameter: string]: number|string}} Rule
 * @typedef {{weights?: Rule|null, biases?: Rule|null}} LayerRecipe
 * @typedef {{weights: Rule, biases: Rule, layers?: (LayerRecipe|null)[]|null}} Recipe
 * @typedef {{name: string, label?: string, recipe: Recipe, of_article?: boolean}} NamedRecipe
 * @typedef {{name: string, learning_rate: number, [option: string]: any}} Optimizer
 * @typedef {{optimizer: Optimizer|null, schedule: Rule|null, clipping: Rule|null,
 *   regularizer: Rule|null}} Training   how runs train
 * @typedef {{label?: string|null, recipe?: Recipe|null, parameters?: object|null, seed?: number|null,
 *   loss?: string|null} & Partial<Training>} Run
 * @typedef {{units: number, activation: string, dropout?: number}} Layer
 * @typedef {{name: string, samples?: number, noise?: number, train_fraction?: number, seed?: number,
 *   inputs?: number[][]|number, targets?: number[]|number[][], standardize?: boolean, formula?: string,
 *   input_names?: string[]|null, target_name?: string|null, classes?: string[]|null}} DataSpec
 * @typedef {{data: DataSpec, features?: string[]|null, layers: Layer[], loss: string,
 *   batch_size: number|null, seed: number, optimizer: Optimizer, schedule?: Rule|null,
 *   clipping?: Rule|null, regularizer?: Rule|null, runs: Run[]}} Spec
 * @typedef {{name: string, label?: string, spec: Spec}} Preset
 * @typedef {{activations: Choice[], losses: Choice[], weight_rules: Choice[], bias_rules: Choice[],
 *   optimizers: Choice[], schedules: Choice[], clippings: Choice[], regularizers: Choice[], data: Choice[],
 *   features: {name: string}[],
 *   feature_kinds: {name: string, pattern: string, formula: string, inputs: number}[],
 *   recipes: NamedRecipe[], presets: Preset[], fields: Record<string, Range>,
 *   limits: Record<string, number>}} Catalog
 *
 * @typedef {"training"|"converged"|"stuck"|"diverged"} Status
 * @typedef {{status: Status, diverged_at: number|null}} RunState
 * @typedef {{layer: number, W: number[], b: number[]}} Shape
 * @typedef {(number|null)[]} Losses
 * @typedef {{id: string, version: number, spec: Spec, step: number, epoch: number,
 *   batches_per_epoch: number, shapes: Shape[], parameter_names: string[],
 *   runs: (RunState & {label: string|null, optimizer: Optimizer} & Partial<Training>)[],
 *   loss: {train: Losses, test: Losses, penalty?: Losses}, events: object[]}} Summary
 * @typedef {{dtype: string, bdata: string, shape?: string}} Typed
 * @typedef {{run: number, step: number, inputs: string[], x: number[], y?: number[], output: Typed,
 *   neurons?: Typed[][]}} Outputs
 * @typedef {{id: string, version: number, step: number, epoch: number, runs: RunState[],
 *   steps: number[], train: Losses[], test: Losses[], penalty?: Losses[], metrics?: Score[],
 *   path?: {x: Losses[], y: Losses[]}, outputs?: Outputs, inside?: InsideFrame}} Block
 * @typedef {{train: number|null, test: number|null}} Score   accuracy or R² of a run
 * @typedef {{accuracy?: number|null, confusion?: number[][], r2?: number|null}} Metric
 * @typedef {{run: number, step: number, task: string, classes: string[]|null, train: Metric,
 *   test: Metric|null}} Metrics
 * @typedef {{run: number, began?: number, steps: number[], x: Losses, y: Losses, z: Losses, base?: Losses,
 *   off?: Losses}} Path
 * @typedef {{run: number, step: number, plane?: string, loss?: string, axes: {x: string, y: string},
 *   explained?: number[], x: number[], y: number[], z: Typed, path: Path[]}} Surface
 * @typedef {{x: number|null, z: number|null, loss: number|null}} Landing
 * @typedef {{run: number, step: number, parameter: string, loss: string, x: number[], z: Losses,
 *   value: number|null, height: number|null, slope: number|null, tangent: {x: Losses, z: Losses},
 *   learning_rate: number, optimizer: string, plain: Landing, taken: Landing|null}} Slice
 * @typedef {{run: number, step: number, eigenvalues: Losses, largest: number, smallest: number,
 *   bound: number|null, learning_rate: number, optimizer: string}} Curvature
 * @typedef {{x: number[][], y: (number|number[])[]}} Points
 * @typedef {{inputs: string[], target?: string, classes?: string[]|null, task: string, extent: number[][],
 *   train: Points, test: Points|null}} DataSet
 * @typedef {{run: number, step: number, W: number[][][], b: number[][]}} Parameters
 * @typedef {{steps: number[], train: Losses[], test: Losses[], penalty?: Losses[]}} Curves
 * @typedef {{W: number[][][], b: number[][]}} Values
 * @typedef {Values & {run: number, step: number, gradients?: Values|null, outputs?: Outputs|null}} InsideFrame
 * @typedef {Values & {run: number, step: number, gradients: Values|null, outputs: Outputs|null,
 *   before: (Values & {step: number})|null}} Inside   `before`: an earlier step, for the last change
 * @typedef {{step: number, runs: (RunState & {optimizer: Optimizer})[], loss: {train: Losses, test: Losses},
 *   inside: InsideFrame, path?: {x: Losses, y: Losses}|null}} MomentFrame   one moment of the past, whole
 * @typedef {{low: number, high: number, counts: number[]}} Histogram
 * @typedef {{layer: number, units: number,
 *   activation: {mean: number|null, std: number|null, expected_std: number|null, histogram: Histogram|null},
 *   gradient: {norm: number|null, std: number|null, histogram: Histogram|null},
 *   backward: {std: number|null, expected_std: number|null},
 *   saturated: number|null, dead: number|null, distinct: number, twins: number[][],
 *   similarity: number|null}} LayerSignals
 * @typedef {{code: string, value: number|null, layer: number|null, advice: string}} Diagnosis
 * @typedef {{step: number, samples: number,
 *   runs: {run: number, diagnosis: Diagnosis, layers: LayerSignals[]}[]}} Diagnostics
 * @typedef {{steps: number[], norms: (number|null)[][][]}} SignalHistory   [run][layer][step]
 * @typedef {{step: number, steps: number[], train: Losses[], slots: number[]}} Ghost
 * @typedef {{name: string, kind: string, distinct: number, missing: number,
 *   use: "input"|"target"|"unused", reason: string|null}} FoundColumn
 * @typedef {{line: number|null, column: string|null, code: string, text: string}} TableProblem
 * @typedef {{delimiter: string, decimal: string, header: boolean, columns: FoundColumn[], target: string,
 *   inputs: string[], task: string, classes: string[]|null, rows: number, preview: string[][],
 *   preview_lines: number[], problems: TableProblem[], problem_count: number, problem_lines: number[],
 *   data: DataSpec|null}} FoundTable
 * @typedef {{task: string, classes: number, inputs: number} & Thumbnail} FoundFormula
 * @typedef {{rule: string, count: number, mean: number, std: number, theory_std: number|null,
 *   edges: number[], counts: number[], density: number[]|null, values: number[]}} Drawn
 * @typedef {{seed: number, networks: number,
 *   layers: {layer: number, shape: number[], weights: Drawn, biases: Drawn}[]}} Preview
 *
 * @typedef {{pointer: string, code: string, detail?: string, in?: string, received?: unknown,
 *   allowed?: Record<string, any>}} Problem
 *
 * @typedef {{spec: Spec, slots: number[]}} Setup   what is compared, and each run's colour
 * @typedef {{step: number, train: Losses, test: Losses, penalty?: Losses|null, x: Losses|null, y: Losses|null,
 *   axes: string, end: Block|null}} Frame   one drawn moment; `end` on the last frame of its block
 */

export {};

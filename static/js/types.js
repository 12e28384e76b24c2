/**
 * The shapes of what travels between the server and the page. Types only.
 *
 * @typedef {{name: string, default?: number|null, minimum: number, maximum: number,
 *   exclusive_minimum?: boolean, integer?: boolean, scale?: "linear"|"log"}} Range
 * @typedef {{x: number[], y: number[], target: number[]}} Thumbnail
 * @typedef {{name: string, label: string, formula?: string, parameters: Range[],
 *   outputs?: string[]|null, task?: string, inputs?: number|null, thumbnail?: Thumbnail}} Choice
 * @typedef {{name: string, [parameter: string]: number|string}} Rule
 * @typedef {{weights: Rule, biases: Rule}} Recipe
 * @typedef {{name: string, label: string, recipe: Recipe, of_article?: boolean}} NamedRecipe
 * @typedef {{name: string, learning_rate: number, [option: string]: any}} Optimizer
 * @typedef {{optimizer: Optimizer|null, schedule: Rule|null, clipping: Rule|null,
 *   regularizer: Rule|null}} Training   how runs train
 * @typedef {{label?: string|null, recipe?: Recipe|null, parameters?: object|null, seed?: number|null,
 *   loss?: string|null} & Partial<Training>} Run
 * @typedef {{units: number, activation: string}} Layer
 * @typedef {{name: string, samples?: number, noise?: number, train_fraction?: number, seed?: number,
 *   inputs?: number[][], targets?: number[]|number[][], standardize?: boolean}} DataSpec
 * @typedef {{data: DataSpec, features?: string[]|null, layers: Layer[], loss: string,
 *   batch_size: number|null, seed: number, optimizer: Optimizer, schedule?: Rule|null,
 *   clipping?: Rule|null, regularizer?: Rule|null, runs: Run[]}} Spec
 * @typedef {{name: string, label: string, spec: Spec}} Preset
 * @typedef {{activations: Choice[], losses: Choice[], weight_rules: Choice[], bias_rules: Choice[],
 *   optimizers: Choice[], regularizers: Choice[], data: Choice[], features: {name: string}[],
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
 *   loss: {train: Losses, test: Losses}, events: object[]}} Summary
 * @typedef {{dtype: string, bdata: string, shape?: string}} Typed
 * @typedef {{run: number, step: number, inputs: string[], x: number[], y?: number[], output: Typed,
 *   neurons?: Typed[][]}} Outputs
 * @typedef {{id: string, version: number, step: number, epoch: number, runs: RunState[],
 *   steps: number[], train: Losses[], test: Losses[],
 *   path?: {x: Losses[], y: Losses[]}, outputs?: Outputs, inside?: InsideFrame}} Block
 * @typedef {{run: number, steps: number[], x: Losses, y: Losses, z: Losses}} Path
 * @typedef {{run: number, step: number, axes: {x: string, y: string}, x: number[], y: number[],
 *   z: Typed, path: Path[]}} Surface
 * @typedef {{x: number[][], y: (number|number[])[]}} Points
 * @typedef {{inputs: string[], task: string, extent: number[][], train: Points, test: Points|null}} DataSet
 * @typedef {{run: number, step: number, W: number[][][], b: number[][]}} Parameters
 * @typedef {{steps: number[], train: Losses[], test: Losses[]}} Curves
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
 * @typedef {{pointer: string, code: string, detail?: string, in?: string, received?: unknown,
 *   allowed?: Record<string, any>}} Problem
 *
 * @typedef {{spec: Spec, slots: number[]}} Setup   what is compared, and each run's colour
 * @typedef {{step: number, train: Losses, test: Losses, x: Losses|null, y: Losses|null,
 *   axes: string, end: Block|null}} Frame   one drawn moment; `end` on the last frame of its block
 */

export {};

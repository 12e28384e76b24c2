/**
 * The shapes of what travels between the server and the page, by the names that the page has for them. They are
 * generated from the server's OpenAPI document (`python -m tests --fix`); what is the page's own stands below.
 *
 * @typedef {import("../../tests/js/api.js").components["schemas"]} Schemas
 *
 * @typedef {Pick<Schemas["NumberEntry"], "name"|"minimum"|"maximum"> & Partial<Schemas["NumberEntry"]>} Range
 * @typedef {Schemas["Thumbnail"]} Thumbnail
 * @typedef {Schemas["ActivationCurve"]} Curve
 * @typedef {Schemas["RunStatus"]} RunState
 * @typedef {Schemas["LayerShapes"]} Shape
 * @typedef {Schemas["TypedArray"]} Typed
 * @typedef {Schemas["OutputMaps"] & {run?: number, step?: number}} Outputs
 * @typedef {Schemas["TrainingBlock"]} Block
 * @typedef {Schemas["Score"]} Score
 * @typedef {Schemas["Metrics"]} Metrics
 * @typedef {Schemas["RunPath"]} Path
 * @typedef {Schemas["Surface"]} Surface
 * @typedef {Schemas["MostRelief"]} MostRelief
 * @typedef {Schemas["Landing"]} Landing
 * @typedef {Schemas["Slice"]} Slice
 * @typedef {Schemas["Curvature"]} Curvature
 * @typedef {Schemas["Sharpness"]} Sharpness
 * @typedef {Schemas["Points"]} Points
 * @typedef {Schemas["DataPoints"]} DataSet
 * @typedef {Schemas["Parameters"]} Parameters
 * @typedef {Schemas["LossHistory"]} Curves
 * @typedef {Schemas["NetworkState"]} InsideFrame
 * @typedef {Schemas["Snapshot"]} MomentFrame
 * @typedef {Schemas["Histogram"]} Histogram
 * @typedef {Schemas["LayerStatistics"]} LayerSignals
 * @typedef {Schemas["Diagnosis"]} Diagnosis
 * @typedef {Schemas["Diagnostics"]} Diagnostics
 * @typedef {Schemas["GradientNormHistory"]} SignalHistory
 * @typedef {Schemas["WorkedStep"]} Trace
 * @typedef {Schemas["TableColumn"]} FoundColumn
 * @typedef {Schemas["TableProblem"]} TableProblem
 * @typedef {Schemas["TablePreview"]} FoundTable
 * @typedef {Schemas["FormulaPreview"]} FoundFormula
 * @typedef {Schemas["ParameterHistogram"]} Drawn
 * @typedef {Schemas["RecipePreview"]} Preview
 * @typedef {Schemas["FieldProblem"]} Problem
 * @typedef {Schemas["StudyResult"]} StudyResult
 * @typedef {Schemas["Measured"]} Measured
 * @typedef {Schemas["PublicMystery"]} Mystery
 * @typedef {Schemas["LessonEntry"]} LessonEntry
 * @typedef {Schemas["LessonProblem"]} LessonProblem
 * @typedef {Schemas["CellResult"]} StudyCell
 * @typedef {Schemas["RecipeResult"]} StudyRecipe
 * @typedef {Schemas["PairResult"]} StudyPair
 * @typedef {Schemas["QuantileCurves"]} QuantileCurves
 * @typedef {Schemas["SeedArray"]} SeedArray
 * @typedef {(number|null)[]|SeedArray} SeedNumbers   by seed
 *
 * @typedef {"network"|"learned"|"loss"|"surface"|"signals"|"explain"|"seeds"|"data"|"runs"|"settings"|"train"|"timeline"
 *   |"presets"|"lessons"|"tools"|"language"} Part   of the page, that can be closed
 * @typedef {{hidden?: Part[], locked?: Part[], answers?: boolean}} Closed   what one thing closes
 * @typedef {{layers: Record<string, Closed>, hidden: Set<Part>, locked: Set<Part>, answers: boolean, words: object|null}} Access
 *   `answers`: whether verdicts and statuses are told; `words`: what the page's link says of it
 * @typedef {(number|null)[]} Losses
 *
 * What the page edits it edits by the catalogue's names, whatever choices there are: these are looser than the document's
 * unions of every choice, which the server checks.
 *
 * @typedef {{name: string, [parameter: string]: number|string|undefined}} Rule
 * @typedef {{name: string, label?: string, hint?: string, formula?: string, parameters: Range[],
 *   outputs?: string[]|null, task?: string|null, inputs?: number|null, classes?: number|null,
 *   output_only?: boolean, curve?: Curve|null, thumbnail?: Thumbnail|null}} Choice
 * @typedef {{weights?: Rule|null, biases?: Rule|null}} LayerRecipe
 * @typedef {{weights: Rule, biases: Rule, layers?: (LayerRecipe|null)[]|null}} Recipe
 * @typedef {Rule & {learning_rate: number}} Optimizer
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
 *   clipping?: Rule|null, regularizer?: Rule|null, runs: Run[], mystery?: string|null}} Spec
 * @typedef {{name: string, label?: string, recipe: Recipe, of_article?: boolean}} NamedRecipe
 * @typedef {{name: string, label?: string, spec: Spec, group: string, look: Record<string, string|boolean>}} Preset
 * @typedef {{step: number, run?: number|null, parameters?: object|null, recipe?: Recipe|null} &
 *   Partial<Training>} Event   with a recipe: by which its parameters were begun anew
 * @typedef {RunState & Training & {label: string|null, rate: number, optimizer: Optimizer}} RunSummary
 * @typedef {Omit<Schemas["Summary"], "spec"|"runs"|"events"> & {spec: Spec, runs: RunSummary[],
 *   events: Event[]}} Summary
 * @typedef {{activations: Choice[], losses: Choice[], weight_rules: Choice[], bias_rules: Choice[],
 *   optimizers: Choice[], schedules: Choice[], clippings: Choice[], regularizers: Choice[], data: Choice[],
 *   recipes: NamedRecipe[], presets: Preset[], fields: Record<string, Range>}
 *   & Pick<Schemas["Catalog"], "features"|"feature_kinds"|"limits">} Catalog
 *
 * What is the page's own:
 *
 * @typedef {{spec: Spec, slots: number[]}} Setup   what is compared, and each run's colour
 * @typedef {{W: (number|null)[][][], b: (number|null)[][]}} Values
 * @typedef {Values & {run: number, step: number, gradients: Values|null, outputs: Outputs|null,
 *   before: (Values & {step: number})|null}} Inside   `before`: an earlier step, for the last change
 * @typedef {{step: number, steps: number[], train: Losses[], slots: number[]}} Ghost
 * @typedef {{step: number, train: Losses, test: Losses, penalty?: Losses|null, x: Losses|null, y: Losses|null,
 *   axes: string, end: Block|null}} Frame   one drawn moment; `end` on the last frame of its block
 */

export {};

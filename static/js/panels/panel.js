/**
 * What a panel is: a folder whose index.js makes an object of this shape, and a line in the registry. The registry
 * loads what panels need, draws them when what they watch has changed, and hands tabs to those that have one.
 *
 * @typedef {import("../experiment/state.js").State} State
 * @typedef {import("../experiment/state.js").Tab} Tab
 *
 * @typedef {(state: State, api: typeof import("../server/api.js").api) => Promise<() => void>} Load
 *   asks the server for a view; the function that it answers with takes the view over
 *
 * @typedef {object} Panel
 * @property {string} id
 * @property {Tab} [tab]   the tab that it is behind; it needs and draws nothing while another is open
 * @property {import("../experiment/state.js").Field[]} watches   what it is drawn from
 * @property {import("../experiment/state.js").Field[]} [urgent]   what it is drawn from without regard to its pace
 * @property {{every?: number, share?: number, longest?: number}} [pace]   how often while training goes on
 * @property {(state: State) => string[]} [needs]   the views that it shows of a moment that stands still
 * @property {Record<string, Load>} [load]   how each of its views is asked for
 * @property {{views: string[], every: number, share: number, longest?: number, wanted?: () => boolean,
 *   bind?: (due: {cost: (began: number, took: number) => void}) => void}} [live]
 *   views that are looked at again while training goes on; `bind` is given where to say what they cost
 * @property {() => boolean} [ready]   whether it can be drawn now
 * @property {(how: {rested: boolean}) => void|Promise<number>} draw   `rested`: the shown step stands
 *   still; what it cost in milliseconds, where that is not the time it took
 * @property {() => boolean} [isDrawn]   whether it has been drawn once, or is out of sight
 * @property {() => void} [open]    its tab has been opened
 * @property {() => void} [close]   another tab has been opened
 * @property {() => void} [reset]   another run, network or data set is shown
 *
 * @typedef {object} Scheduler   the page's one clock
 * @property {(task: {every?: number, share?: number, longest?: number, ready?: () => boolean,
 *   run: (now: number) => void|Promise<number>, after?: () => void}) => {want: (atOnce?: boolean) => void,
 *   cost: (began: number, took: number) => void}} add
 *
 * @typedef {object} Context   what every panel is made from
 * @property {State} state
 * @property {typeof import("../server/api.js").api} api
 * @property {import("../experiment/changes.js").Changes} changes   what the learner can change
 * @property {() => void} step    trains one step
 * @property {(...views: string[]) => void} want   asks for views anew
 * @property {(...views: string[]) => Promise<void>} settled   once views are of the moment that is shown
 * @property {() => void} wake    something that was not ready to be drawn may be so now
 * @property {HTMLCanvasElement} diagram   the canvas of the network
 */

export {};

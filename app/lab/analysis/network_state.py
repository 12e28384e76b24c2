"""The parameters of one network, and on request its gradient and its output maps."""

from dataclasses import dataclass
from typing import NotRequired

import numpy as np

from app.lab.analysis.outputs import MapRequest, OutputMaps, output_maps
from app.lab.experiment.setup import Setup
from app.lab.experiment.state import TrainState
from app.lab.history.repository import Experiment
from app.lab.spec.arrays import LayerArrays, parameters
from app.nn.losses import Objective
from app.nn.stack import gradients


@dataclass(frozen=True)
class NetworkRequest:
    """What is asked of one network: which run, and what besides its parameters.

    `maps` of its outputs and neurons, if they are wanted; with `gradients` the gradient on the
    training set is wanted too.
    """

    run: int
    maps: MapRequest | None
    gradients: bool


class Parameters(LayerArrays):
    """W and b of a run at a step, and the version of the experiment that they are read from."""

    run: int
    step: int
    version: int


class NetworkState(LayerArrays):
    """The parameters W and b of a run at a step; its gradient and its output maps on request."""

    run: int
    step: int
    gradients: NotRequired[LayerArrays]
    outputs: NotRequired[OutputMaps]


def run_parameters(experiment: Experiment, state: TrainState, run: int) -> Parameters:
    """The parameters of a run that exists."""
    return {
        "run": run,
        "step": state.step,
        "version": experiment.version,
        **parameters(experiment.setup.architecture, state.theta[run]),
    }


def network_state(setup: Setup, state: TrainState, network: NetworkRequest) -> NetworkState:
    """The parameters of a run that exists, and what is asked for besides.

    Raises InvalidInput where that would take too long.
    """
    run = network.run
    theta = state.theta[run]
    arrays = parameters(setup.architecture, theta)
    answer: NetworkState = {"run": run, "step": state.step, "W": arrays["W"], "b": arrays["b"]}
    if network.gradients:
        X, Y = setup.train.X, setup.train.Y
        objective = Objective([setup.runs[run].loss])
        with np.errstate(all="ignore"):
            found = gradients(setup.architecture, theta[np.newaxis], X, Y, objective)[0]
        answer["gradients"] = parameters(setup.architecture, found)
    if network.maps is not None:
        answer["outputs"] = output_maps(setup, theta, network.maps)
    return answer

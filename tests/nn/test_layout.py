"""theta: where each number of a network is."""

import re

import numpy as np
import pytest

from app.nn.stack import Architecture, Layer, blocks, pack, unpack
from tests.nn.examples import architecture, stack

SIZES = [(1, 1), (2, 4, 1), (3, 2, 5, 2)]


@pytest.fixture(params=SIZES, ids=str)
def arch(request: pytest.FixtureRequest) -> Architecture:
    return architecture(request.param)


def test_shapes_are_neurons_by_inputs() -> None:
    arch = Architecture(2, (Layer(4, "tanh"), Layer(3, "relu"), Layer(1, "sigmoid")))
    assert arch.shapes == ((4, 2), (3, 4), (1, 3))
    assert arch.parameter_count == (4 * 2 + 4) + (3 * 4 + 3) + (1 * 3 + 1)


def test_a_layer_is_the_matrix_of_weights_and_biases_row_by_row() -> None:
    theta = np.arange(9.0)
    W, b = unpack(architecture((2, 2, 1)), theta)
    assert [M.tolist() for M in W] == [[[0.0, 1.0], [3.0, 4.0]], [[6.0, 7.0]]]
    assert [v.tolist() for v in b] == [[2.0, 5.0], [8.0]]


def test_names_are_read_as_w_row_by_row_and_then_b() -> None:
    names = architecture((2, 2, 1)).parameter_names
    assert names[:6] == ("W1[0,0]", "W1[0,1]", "W1[1,0]", "W1[1,1]", "b1[0]", "b1[1]")
    assert names[6:] == ("W2[0,0]", "W2[0,1]", "b2[0]")


def test_every_parameter_has_a_place_of_its_own(arch: Architecture) -> None:
    places = [arch.index(name) for name in arch.parameter_names]
    assert sorted(places) == list(range(arch.parameter_count))


def test_a_name_finds_its_number(arch: Architecture) -> None:
    theta = stack(arch, 1)[0]
    W, b = unpack(arch, theta)
    for name in arch.parameter_names:
        kind, layer, *indices = re.findall(r"[Wb]|\d+", name)
        array = (W if kind == "W" else b)[int(layer) - 1]
        assert theta[arch.index(name)] == array[tuple(map(int, indices))]


@pytest.mark.parametrize(
    "name",
    [
        *["", "W", "W1", "b1", "W1[0]", "b1[0,0]", "W1[0,0,0]", "W1[4,0]", "W1[0,2]", "b1[4]"],
        *["W0[0,0]", "b0[0]", "W3[0,0]", "b3[0]", "W-1[0,0]", "W1[-1,0]", "b1[-1]", "w1[0,0]"],
        *["W01[0,0]", "W1[00,0]", "b1[00]", "W1[0, 0]", " W1[0,0]", "W1[0,0]\n", "B1[0]"],
        *["W１[0,0]", "W1[０,0]", "W²[0,0]", "b1[٠]", "W1[0.0,0]", "W1[1e0,0]", "W" + "1" * 9999],
    ],
)
def test_what_is_no_parameter_is_a_key_error(name: str) -> None:
    with pytest.raises(KeyError):
        architecture((2, 4, 1)).index(name)


def test_unpacking_a_packed_network_gives_it_back(arch: Architecture) -> None:
    theta = stack(arch, 1)[0]
    assert np.array_equal(pack(arch, *unpack(arch, theta)), theta)


@pytest.mark.parametrize(
    ("W", "b"),
    [
        ([(4, 2), (1, 4)], [(4,), (2,)]),
        ([(2, 4), (1, 4)], [(4,), (1,)]),
        ([(4, 2), (4,)], [(4,), (1,)]),
        ([(4, 2), (1, 4)], [(4, 1), (1, 1)]),
        ([(4, 2)], [(4,)]),
        ([(4, 2), (1, 4), (1, 1)], [(4,), (1,), (1,)]),
        ([(4, 2), (1, 4)], [(4,)]),
    ],
)
def test_other_shapes_are_a_value_error(W: list[tuple[int, ...]], b: list[tuple[int, ...]]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its words are for the programmer
        pack(architecture((2, 4, 1)), [np.zeros(shape) for shape in W], [np.zeros(s) for s in b])


def test_views_of_a_stack_share_its_memory(arch: Architecture) -> None:
    theta = stack(arch, 3)
    for (W, b), shape in zip(arch.views(theta), arch.shapes, strict=True):
        assert W.shape == (3, *shape)
        assert b.shape == (3, shape[0], 1)
        W[...], b[...] = 7.0, 7.0
    assert np.all(theta == 7.0)


def test_a_parameter_knows_its_layer(arch: Architecture) -> None:
    for name in arch.parameter_names:
        assert arch.layer_of(arch.index(name)) == int(name[1 : name.index("[")]) - 1


def test_what_lies_above_a_layer_is_a_network_too(arch: Architecture) -> None:
    for layer in range(len(arch.layers)):
        above = arch.above(layer)
        assert above.shapes == arch.shapes[layer:]
        assert above.parameter_count == arch.parameter_count - arch.offsets[layer]


@pytest.mark.parametrize(("count", "size"), [(0, 3), (1, 1), (1, 9), (9, 3), (10, 3), (11, 3)])
def test_blocks_cover_everything_once(count: int, size: int) -> None:
    parts = [list(range(count))[block] for block in blocks(count, size)]
    assert [one for part in parts for one in part] == list(range(count))
    assert all(1 <= len(part) <= size for part in parts)

"""Makes shapley.json, grouped Shapley values that src/explain/shapley/tests.rs compares with.

    python tests/data/make_shapley.py

Needs: numpy, shap. A small network with a softmax is explained on made-up rows, twice:
by shap's exact explainer over one switch a group (on = the row's inputs, off = the
background's), and by running through all orders of the groups. The two must agree.
"""

import itertools
import json
from pathlib import Path

import numpy as np
import shap

HERE = Path(__file__).parent
PLAYERS = np.array([0, 0, 1, 2, 2, 2, 3, 4, 1])
GROUPS = PLAYERS.max() + 1


def main() -> None:
    rng = np.random.default_rng(1)
    hidden = rng.normal(0, 0.6, (7, PLAYERS.size)).round(3)
    output = rng.normal(0, 1.0, (4, 7)).round(3)
    background = rng.normal(0, 1.0, (5, PLAYERS.size)).round(3)
    rows = rng.normal(0, 1.5, (3, PLAYERS.size)).round(3)

    def model(x: np.ndarray) -> np.ndarray:
        power = np.exp(np.tanh(x @ hidden.T) @ output.T)
        return power / power.sum(axis=1, keepdims=True)

    def game(row: np.ndarray):
        def pays(switches: np.ndarray) -> np.ndarray:
            on = switches[:, PLAYERS] > 0.5
            return np.array([model(np.where(o, row, background)).mean(axis=0) for o in on])

        return pays

    def by_orders(pays) -> np.ndarray:
        values = np.zeros((GROUPS, 4))
        orders = list(itertools.permutations(range(GROUPS)))
        for order in orders:
            switches = np.zeros((GROUPS + 1, GROUPS))
            for place, player in enumerate(order):
                switches[place + 1 :, player] = 1
            values[list(order)] += np.diff(pays(switches), axis=0)
        return values / len(orders)

    shapley = []
    for row in rows:
        pays = game(row)
        explainer = shap.explainers.Exact(pays, np.zeros((1, GROUPS)))
        values = explainer(np.ones((1, GROUPS))).values[0]
        assert np.abs(values - by_orders(pays)).max() < 1e-12
        shapley.append(values.tolist())
    reference = {
        "players": PLAYERS.tolist(),
        "hidden": hidden.tolist(),
        "output": output.tolist(),
        "background": background.tolist(),
        "rows": rows.tolist(),
        "shapley": shapley,
    }
    (HERE / "shapley.json").write_text(json.dumps(reference) + "\n")


if __name__ == "__main__":
    main()

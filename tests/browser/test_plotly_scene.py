"""What of plotly.js is leaned on without its saying so, and the page where a version lacks it."""

from playwright.sync_api import Browser, Route, expect

from tests.browser.visit import Visit

# The module as the page has it, and whether a scene without one of its fields counts as supported.
CONTRACT = """async () => {
    const [start] = document.querySelectorAll("script[type=module]");
    const module = new URL("panels/landscape/webgl/plotly-scene.js", start.src).href;
    const { PRIVATE, supported } = await import(module);
    const scene = document.getElementById("surface-plot")._fullLayout.scene._scene;
    const without = ([name, ...rest], place) =>
        new Proxy(place, {
            get(target, key) {
                if (key !== name) return target[key];
                return rest.length ? without(rest, target[key]) : undefined;
            },
        });
    return [
        supported(scene),
        PRIVATE.map((path) => [path, supported(without(path.split("."), scene))]),
    ];
}"""

# How often paths are moved by Plotly's own means.
COUNT_RESTYLES = """() => {
    window.restyled = 0;
    document.getElementById("surface-plot").on("plotly_restyle", () => (window.restyled += 1));
}"""


def test_every_private_field_is_there_and_each_is_asked_for(visit: Visit) -> None:
    visit.rest()
    whole, without = visit.page.evaluate(CONTRACT)
    assert whole
    assert len(without) > 10
    assert not [path for path, supported in without if supported]


def test_where_a_field_is_missing_paths_move_by_restyle(browser: Browser, base_url: str) -> None:
    def lacking(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(
            response=answer, body=answer.text().replace('"glplot.gl",', '"glplot.gl", "elsewhere",')
        )

    with browser.new_context(base_url=base_url, locale="en") as context:
        context.route("**/plotly-scene.js", lacking)
        errors: list[str] = []
        context.on("weberror", lambda error: errors.append(str(error.error)))
        visit = Visit(context.new_page()).open()
        visit.rest()
        visit.page.evaluate(COUNT_RESTYLES)
        visit.play(to=30)
        visit.click("#train")
        visit.rest()
        assert visit.page.evaluate("window.restyled") > 0
        # Only b random hardly moves over these two parameters yet, and zeros do not at all.
        paths = [trace for trace in visit.traces("surface-plot") if trace["meta"].get("path")]
        assert [len(path["x"]) > 5 for path in paths] == [True, True, False, True, False]
        expect(visit.find("#surface-plot canvas.moving")).to_have_count(0)
        visit.click("#view-losses")
        visit.rest()
        assert not errors

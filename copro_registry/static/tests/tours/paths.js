import {click, menu} from "./steps";
import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const PATHS = [
    "certificate",
    "first_registration",
    "annual_update",
    "refusal",
    "comparison",
    "batch",
];
/** Where each group may only look. */
const LOOKS = {
    reader: PATHS,
    manager: ["certificate"],
    main_administrator: [],
};

/** Every path from the desk, one after the other: a page that is loaded once. */
for (const [group, looks] of Object.entries(LOOKS)) {
    const name = (path) => `copro_registry_${path}${looks.includes(path) ? "_look" : ""}`;
    tours.add(`copro_registry_paths_of_${group}`, {
        steps: () =>
            PATHS.flatMap((path) => [
                click(`.o_menu_sections ${menu("today")}`, `The desk, before: ${path}`),
                ...tours.get(name(path)).steps(),
            ]),
    });
}

import {DefaultCommandItem} from "@web/core/commands/command_palette";
import {openForm} from "../condominium";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";

const PREFIX = "!";
const MOST = 10;
const MODEL = "copro.condominium";
const CATEGORY = "copro_condominiums";

/** The condominiums that what is typed finds, as the search of their list does. */
async function found(env, {searchValue}) {
    const fields = {display_name: {}, city: {}};
    const domain = searchValue.trim() ? [["display_name", "ilike", searchValue]] : [];
    const {records} = await env.services.orm.webSearchRead(MODEL, domain, {
        specification: fields,
        limit: MOST,
    });
    return records.map(({id, display_name, city}) => ({
        Component: DefaultCommandItem,
        action: () => openForm(env.services.action, {res_id: id}),
        category: CATEGORY,
        href: `/odoo/condominiums/${id}`,
        name: city ? `${display_name}, ${city}` : display_name,
    }));
}

const SETUP = {
    debounceDelay: 200,
    emptyMessage: _t("No condominium matches"),
    placeholder: _t("Number, reference, name or address of a condominium..."),
};

/** Among the commands: nobody has to know the prefix. */
function offered(env, {searchValue}) {
    if (!searchValue?.trim()) {
        return [];
    }
    const palette = {
        configByNamespace: {[PREFIX]: {...SETUP, categories: [CATEGORY]}},
        providers: registry.category("command_provider").getAll(),
        searchValue: PREFIX + searchValue,
    };
    return [
        {
            action: () => palette,
            category: CATEGORY,
            name: _t("Search “%s” among the condominiums", searchValue),
        },
    ];
}

/** For those who read the condominiums, as others find menus and people by Ctrl+K. */
async function addForReaders() {
    if (await user.hasGroup("copro_registry.group_reader")) {
        registry.category("command_categories").add(CATEGORY, {namespace: PREFIX});
        registry.category("command_setup").add(PREFIX, {...SETUP, name: _t("condominiums")});
        const providers = registry.category("command_provider");
        providers.add(CATEGORY, {namespace: PREFIX, provide: found});
        providers.add("copro_condominiums_offered", {provide: offered});
    }
}

registry.category("services").add("copro_registry.palette", {start: () => void addForReaders()});

import {registry} from "@web/core/registry";

/** Opens the form of a condominium: a new one, unless `values` say which. */
export function openForm(action, values = {}) {
    return action.doAction({
        type: "ir.actions.act_window",
        path: "condominiums",
        res_model: "copro.condominium",
        views: [[false, "form"]],
        target: "current",
        ...values,
    });
}

/** The form of a condominium: back to it when one came from there, else opened. */
async function openCondominium({services: {action}}, {params: {id}}) {
    const crumbs = action.currentController?.config.breadcrumbs || [];
    const address = new RegExp(`/(?:condominiums|copro\\.condominium)/${id}$`);
    const before = crumbs.findLast(({url}) => address.test((url || "").split("?")[0]));
    if (before) {
        return action.restore(before.jsId);
    }
    return openForm(action, {res_id: id});
}

registry.category("actions").add("copro_registry.condominium", openCondominium);

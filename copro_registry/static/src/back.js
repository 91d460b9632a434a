import {registry} from "@web/core/registry";

/** Leave a screen whose record is gone: back to where one came from, or to the list. */
async function back({services: {action}}) {
    const {breadcrumbs} = action.currentController.config;
    if (breadcrumbs.length > 1) {
        return action.restore(breadcrumbs.at(-2).jsId);
    }
    return action.doAction("copro_registry.copro_condominium_action", {
        clearBreadcrumbs: true,
    });
}

registry.category("actions").add("copro_registry.back", back);

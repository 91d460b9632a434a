import {registry} from "@web/core/registry";

const SHOWN = 12_000; // milliseconds: the time to read three sentences

let close = null;

/**
 * A notification that can be read, and that does not outlive what it speaks of: it goes by
 * itself, or with the next one. What is to be done stays on the form.
 */
function notify({services: {notification}}, {params: {message, title, type, next}}) {
    close?.();
    const options = {type, autocloseDelay: SHOWN, ...(title ? {title} : {})};
    close = notification.add(message, options);
    return next;
}

registry.category("actions").add("copro_registry.notify", notify);

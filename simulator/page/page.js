"use strict";
// The page shows what the JSON API tells, and asks it what the operator wants. Whatever
// the declarants sent is shown as text, never as HTML.

const SHOWN = 60;
const SECONDS = 3;

async function call(method, path, body) {
    const answer = await fetch(path, {
        method,
        body: body === undefined ? undefined : JSON.stringify(body),
        headers: body === undefined ? {} : {"Content-Type": "application/json"},
    });
    const told = await answer.json();
    if (!answer.ok) {
        throw new Error(told.error);
    }
    return told;
}

async function act(method, path, body) {
    const told = document.getElementById("told");
    try {
        await call(method, path, body);
        told.textContent = "";
    } catch (error) {
        told.textContent = `Refusé : ${error.message}`;
    }
    await refresh();
}

function element(tag, text, classes) {
    const made = document.createElement(tag);
    if (text !== undefined) {
        made.textContent = text;
    }
    if (classes) {
        made.className = classes;
    }
    return made;
}

function table(name, columns, rows, nothing) {
    const place = document.querySelector(`[data-table="${name}"]`);
    if (!rows.length) {
        place.replaceChildren(element("p", nothing, "empty"));
        return;
    }
    const made = element("table");
    const head = made.createTHead().insertRow();
    const body = made.createTBody();
    for (const [title] of columns) {
        head.append(element("th", title));
    }
    for (const row of rows) {
        const line = body.insertRow();
        for (const [, value, classes] of columns) {
            const content = value(row);
            const cell = line.insertCell();
            cell.className = typeof classes === "function" ? classes(row) : classes || "";
            cell.append(content instanceof Node ? content : document.createTextNode(content ?? ""));
        }
    }
    place.replaceChildren(made);
}

function field(name) {
    return (row) => row[name];
}

function decision(row) {
    const form = element("form");
    const reason = element("input");
    reason.placeholder = "motif du refus";
    const accept = element("button", "Accepter");
    const refuse = element("button", "Refuser");
    accept.type = refuse.type = "button";
    const path = `/requests/${encodeURIComponent(row.reference)}`;
    accept.addEventListener("click", () => act("POST", `${path}/accept`, {}));
    refuse.addEventListener("click", () =>
        act("POST", `${path}/refuse`, {detail: reason.value || "sans motif"})
    );
    form.append(accept, reason, refuse);
    return form;
}

function successor(row) {
    if (!row.successor) {
        return "";
    }
    const named = JSON.parse(row.successor);
    return named.siret || named.email;
}

function isBusy() {
    // Do not pull a field from under the operator's fingers.
    const focused = document.activeElement;
    return focused && focused.closest("[data-table]") && focused.tagName === "INPUT";
}

async function refresh() {
    const names = ["state", "faults", "requests", "condominiums", "accounts", "messages", "ledger"];
    const answers = await Promise.all(names.map((name) => call("GET", `/${name}`)));
    const [state, faults, requests, condominiums, accounts, messages, ledger] = answers;
    settings(state);
    table(
        "faults",
        [
            ["Incident", field("name")],
            ["Service", (row) => row.service || "tous"],
            ["Appels", field("count")],
            ["Secondes", field("seconds")],
        ],
        faults,
        "Aucun : le registre répond normalement."
    );
    if (!isBusy()) {
        table(
            "pending",
            [
                ["Compte", field("account")],
                ["Service", field("service")],
                ["Numéro", field("number")],
                ["Référence", field("reference")],
                ["Décision", decision],
            ],
            requests.filter((row) => row.state === "received"),
            "Aucune demande n'attend."
        );
    }
    table(
        "condominiums",
        [
            ["Numéro", field("number")],
            ["Adresse", field("address"), "wide"],
            ["Rattachée à", field("account")],
            ["Début du mandat", field("mandate_start")],
            ["Fin du mandat", field("mandate_end")],
            ["Successeur déclaré", successor],
            ["Dernière mise à jour", field("updated")],
        ],
        condominiums,
        "Aucune copropriété n'est immatriculée."
    );
    table(
        "accounts",
        [
            ["Numéro", field("number")],
            ["Adresse e-mail", field("email")],
            ["Raison sociale", field("organisation")],
            ["SIREN", field("siren")],
            ["Profil", field("profile")],
        ],
        accounts,
        "Aucun compte n'est ouvert."
    );
    table(
        "messages",
        [
            ["Date", field("at")],
            ["Compte", field("account")],
            ["Copropriété", field("number")],
            ["Objet", field("subject"), "wide"],
        ],
        messages.slice(-SHOWN).reverse(),
        "Aucun message."
    );
    table(
        "ledger",
        [
            ["Date", field("at")],
            ["Compte", field("account")],
            ["Service", field("service")],
            ["Copropriété", field("number")],
            ["Statut", field("status"), (row) => (row.status < 300 ? "good" : "bad")],
            ["Erreurs", field("codes"), "wide"],
            ["Référence", field("reference")],
        ],
        ledger.slice(-SHOWN).reverse(),
        "Aucun appel n'est arrivé."
    );
}

function settings(state) {
    document.getElementById("profile").textContent = state.profile;
    const clock = document.getElementById("clock").elements.today;
    if (document.activeElement !== clock) {
        clock.value = state.today;
    }
    const mode = document.getElementById("acceptance").elements.mode;
    if (document.activeElement !== mode) {
        if (![...mode.options].some((option) => option.value === state.acceptance)) {
            mode.append(new Option(`après ${state.acceptance} secondes`, state.acceptance));
        }
        mode.value = state.acceptance;
    }
    const form = document.getElementById("fault").elements;
    if (!form.name.options.length) {
        form.name.append(...state.faults.map((name) => new Option(name, name)));
        form.service.append(new Option("tous", ""));
        form.service.append(...state.services.map((name) => new Option(name, name)));
    }
}

function on(id, event, listener) {
    document.getElementById(id).addEventListener(event, (happened) => {
        happened.preventDefault();
        listener(happened.target.elements);
    });
}

on("clock", "submit", (form) => act("POST", "/clock", {today: form.today.value || null}));
on("real-date", "click", () => act("POST", "/clock", {today: null}));
on("acceptance", "submit", (form) => act("POST", "/acceptance", {mode: form.mode.value}));
on("clear-faults", "click", () => act("DELETE", "/faults"));
on("fault", "submit", (form) =>
    act("POST", "/faults", {
        name: form.name.value,
        service: form.service.value,
        count: Number(form.count.value),
        seconds: Number(form.seconds.value),
    })
);

refresh();
setInterval(refresh, SECONDS * 1000);

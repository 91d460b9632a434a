import {Component, onWillDestroy, onWillUpdateProps, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const NEWS = "copro_registry.batch_progress";
// Without news for so long, the record itself is read: a websocket may be missing.
const PATIENCE = 5000;

const VERDICTS = [
    ["ready", _t("Ready to leave"), "text-success"],
    ["incomplete", _t("To complete"), "text-danger"],
    ["up_to_date", _t("Up to date: nothing to send"), "text-muted"],
    ["open", _t("Already in progress"), "text-muted"],
];

/**
 * What would leave, and why the rest would not.
 */
class BatchSummary extends Component {
    static template = "copro_registry.BatchSummary";
    static props = {...standardFieldProps};

    get summary() {
        return this.props.record.data[this.props.name] || {reasons: []};
    }

    get tiles() {
        return VERDICTS.map(([verdict, label, look]) => ({
            ...{verdict, label, look},
            count: this.summary[verdict] || 0,
        }));
    }

    look(verdict) {
        return VERDICTS.find(([known]) => known === verdict)[2];
    }
}

const OUTCOMES = [
    // Key in the progress, label, colour; without one it is no part of the bar
    ["registered", _t("Recorded by the registry"), "success"],
    ["accepted", _t("Received, under examination"), "info"],
    ["unknown", _t("Outcome unknown"), "warning"],
    ["rejected", _t("Refused by the registry"), "danger"],
    ["failed", _t("Could not be sent"), "danger"],
    ["cancelled", _t("Cancelled before leaving"), "secondary"],
    ["sending", _t("On their way"), "primary"],
    ["waiting", _t("Waiting"), ""],
    ["aside", _t("Left aside: the list says why"), ""],
];

/**
 * The progress bar of a batch: it follows the bus, and falls back to the record.
 */
class BatchProgress extends Component {
    static template = "copro_registry.BatchProgress";
    static props = {...standardFieldProps};

    setup() {
        this.bus = useService("bus_service");
        this.state = useState({progress: this.recorded(this.props)});
        this.channel = `copro.upload.batch_${this.props.record.resId}`;
        this.listener = ([id, progress]) => this.receive(id, progress);
        this.bus.subscribe(NEWS, this.listener);
        this.bus.addChannel(this.channel);
        this.heard = this.read = Date.now();
        const timer = setInterval(() => this.fallBack(), PATIENCE);
        onWillUpdateProps((props) => {
            this.state.progress = this.recorded(props);
        });
        onWillDestroy(() => {
            clearInterval(timer);
            this.bus.unsubscribe(NEWS, this.listener);
            this.bus.deleteChannel(this.channel);
        });
    }

    recorded(props) {
        return props.record.data[props.name] || {};
    }

    receive(id, progress) {
        if (id !== this.props.record.resId) {
            return;
        }
        this.heard = Date.now();
        const turned = progress.batch !== this.props.record.data.state || progress.over;
        this.state.progress = progress;
        if (turned || Date.now() - this.read > PATIENCE) {
            this.reload(); // the list below the bar follows, more slowly
        }
    }

    reload() {
        this.heard = this.read = Date.now();
        return this.props.record.load();
    }

    fallBack() {
        const going = !this.state.progress.over && this.props.record.data.state !== "preview";
        if (going && Date.now() - this.heard > PATIENCE) {
            this.reload();
        }
    }

    get progress() {
        return this.state.progress;
    }

    get outcomes() {
        return OUTCOMES.map(([key, label, colour]) => ({
            ...{key, label, colour},
            count: this.progress[key] || 0,
        })).filter((outcome) => outcome.count);
    }

    get segments() {
        return this.outcomes.filter((outcome) => outcome.colour);
    }

    width(outcome) {
        return (100 * outcome.count) / Math.max(this.progress.total, 1);
    }

    get headline() {
        const {batch, over, ended, total} = this.progress;
        if (over) {
            return batch === "cancelled" ? _t("Cancelled") : _t("Finished");
        }
        const headlines = {
            paused: _t("Paused"),
            cancelled: _t("Cancelled: what has left is awaited"),
        };
        return headlines[batch] || _t("%s of %s finished", ended, total);
    }

    get estimate() {
        const {seconds_left: seconds, batch, waiting, over} = this.progress;
        if (over || batch !== "running") {
            return "";
        }
        if (!waiting) {
            return _t("All have left; the answers of the registry are awaited.");
        }
        if (!seconds) {
            return "";
        }
        const moment = luxon.DateTime.now().plus({seconds});
        const format = seconds < 90 ? "HH:mm:ss" : "HH:mm";
        return _t("All will have left at about %s", moment.toFormat(format));
    }
}

registry.category("fields").add("copro_batch_summary", {
    component: BatchSummary,
    supportedTypes: ["json"],
});
registry.category("fields").add("copro_batch_progress", {
    component: BatchProgress,
    supportedTypes: ["json"],
});

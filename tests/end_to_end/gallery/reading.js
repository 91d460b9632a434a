/* What a person reads on the screen, and what sticks out of it. */
({forgiven, allowed}) => {
    const shown = (element) =>
        element.checkVisibility({checkVisibilityCSS: true}) && !element.closest(".o_hidden");
    const isOurs = (element) => !forgiven.some((selector) => element.closest(selector));
    const words = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const {parentElement: parent, data} = walker.currentNode;
        const text = data.trim();
        if (text && !/^(SCRIPT|STYLE)$/.test(parent.tagName) && shown(parent) && isOurs(parent)) {
            words.push(text);
        }
    }
    for (const element of document.querySelectorAll("[title], [aria-label], [placeholder]")) {
        if (!shown(element) || !isOurs(element)) {
            continue;
        }
        for (const name of ["title", "aria-label", "placeholder"]) {
            const text = element.getAttribute(name);
            if (text) {
                words.push(text);
            }
        }
    }
    for (const input of document.querySelectorAll("input, textarea")) {
        if (shown(input) && input.value && input.type !== "checkbox" && isOurs(input)) {
            words.push(input.value);
        }
    }
    const sticking = [];
    for (const element of document.querySelectorAll("body *")) {
        const {overflowX} = getComputedStyle(element);
        const scrolls = overflowX === "auto" || overflowX === "scroll";
        const sticks = element.scrollWidth > element.clientWidth + 1;
        const known = allowed.some((selector) => element.matches(selector));
        if (scrolls && sticks && !known && element.clientWidth && shown(element)) {
            sticking.push(`${element.tagName}.${[...element.classList].join(".")}`);
        }
    }
    return {words, sticking, width: document.documentElement.scrollWidth};
};

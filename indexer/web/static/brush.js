// Drag over the timeline of a search to narrow it to a period. Without script the date fields do the same.
const svg = document.querySelector("svg[data-firsts]");
const form = document.querySelector("form.search");

if (svg && form) {
  const firsts = svg.dataset.firsts.split(" ");
  const lasts = svg.dataset.lasts.split(" ");
  const step = Number(svg.dataset.step);
  const shade = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  shade.setAttribute("class", "brush");
  shade.setAttribute("height", "120");
  let from = null;
  let dragged = false;

  // The bar that a pointer is over, the nearest one beside them.
  const bar = (event) => {
    const box = svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * 960;
    return Math.max(0, Math.min(firsts.length - 1, Math.floor(x / step)));
  };

  svg.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && event.pointerType !== "touch") {
      from = bar(event);
      dragged = false;
      event.preventDefault();
    }
  });
  window.addEventListener("pointermove", (event) => {
    if (from === null) return;
    const to = bar(event);
    dragged = dragged || to !== from;
    if (!dragged) return;
    shade.setAttribute("x", String(Math.min(from, to) * step));
    shade.setAttribute("width", String((Math.abs(to - from) + 1) * step));
    svg.append(shade);
  });
  window.addEventListener("pointerup", (event) => {
    if (from === null) return;
    const to = bar(event);
    const [first, last] = [Math.min(from, to), Math.max(from, to)];
    from = null;
    if (!dragged) return;
    form.elements.from.value = firsts[first];
    form.elements.to.value = lasts[last];
    form.requestSubmit();
  });
  // A drag that ends on a bar is no click on its link.
  svg.addEventListener("click", (event) => dragged && event.preventDefault(), true);
  svg.addEventListener("dragstart", (event) => event.preventDefault());
  const note = document.querySelector(".brush-note");
  if (note) note.hidden = !matchMedia("(hover: hover)").matches;
}

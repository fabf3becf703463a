"use strict";
(() => {
  // The map works without this: it can be enlarged and scrolled. Here its middle stays where it is, and it can be dragged.
  const frame = document.getElementById("map-frame");
  if (!frame) return;
  const choices = [...document.querySelectorAll('input[name="map-zoom"]')];
  let middle = [0.5, 0.5];
  let still = false;

  const size = () => [frame.scrollWidth, frame.scrollHeight];
  frame.addEventListener("scroll", () => {
    if (still) return;
    const [width, height] = size();
    middle = [(frame.scrollLeft + frame.clientWidth / 2) / width, (frame.scrollTop + frame.clientHeight / 2) / height];
  });
  const centre = (at = [frame.clientWidth / 2, frame.clientHeight / 2]) => {
    still = true;
    const [width, height] = size();
    frame.scrollLeft = middle[0] * width - at[0];
    frame.scrollTop = middle[1] * height - at[1];
    requestAnimationFrame(() => {
      still = false;
      frame.dispatchEvent(new Event("scroll"));
    });
  };
  for (const choice of choices) choice.addEventListener("change", () => centre());

  const enlarge = (by, at) => {
    const next = choices[choices.findIndex((choice) => choice.checked) + by];
    if (!next) return;
    if (at) {
      const [width, height] = size();
      middle = [(frame.scrollLeft + at[0]) / width, (frame.scrollTop + at[1]) / height];
    }
    next.checked = true;
    centre(at);
  };
  frame.addEventListener("keydown", (event) => {
    const by = { "+": 1, "=": 1, "-": -1 }[event.key];
    if (!by || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    enlarge(by);
  });
  frame.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const box = frame.getBoundingClientRect();
    enlarge(event.deltaY < 0 ? 1 : -1, [event.clientX - box.left, event.clientY - box.top]);
  }, { passive: false });

  let from = null;
  let moved = false;
  frame.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button !== 0) return;
    from = [event.clientX, event.clientY, frame.scrollLeft, frame.scrollTop];
    moved = false;
  });
  window.addEventListener("pointermove", (event) => {
    if (!from) return;
    const [x, y] = [event.clientX - from[0], event.clientY - from[1]];
    moved = moved || Math.hypot(x, y) > 4;
    if (!moved) return;
    frame.classList.add("dragged");
    frame.scrollLeft = from[2] - x;
    frame.scrollTop = from[3] - y;
  });
  window.addEventListener("pointerup", () => {
    from = null;
    frame.classList.remove("dragged");
  });
  frame.addEventListener("dragstart", (event) => event.preventDefault());
  frame.addEventListener("click", (event) => {
    if (moved) event.preventDefault();
    moved = false;
  }, { capture: true });
})();

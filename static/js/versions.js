// On the page that compares two windows: the field of a question always holds what is chosen for it.
// Without this script the server puts it there.
{
  const form = document.getElementById("part-form");
  const typedHere = new Map();
  let isFilling = false;

  function fields(code) {
    return [...form.elements].filter((field) => field.name === code && field.type !== "submit");
  }

  function isChoice(field) {
    return field.type === "radio" || field.type === "checkbox";
  }

  function values(code) {
    const filled = fields(code).filter((field) => (isChoice(field) ? field.checked : field.value));
    return filled.map((field) => field.value);
  }

  function fill(code, chosen) {
    isFilling = true;
    for (const field of fields(code)) {
      if (isChoice(field)) field.checked = chosen.includes(field.value);
      else field.value = chosen[0] ?? "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    isFilling = false;
  }

  function radios(versions) {
    return [...versions.querySelectorAll("[type=radio]")];
  }

  function apply(versions) {
    const { question, joint } = versions.dataset;
    const here = typedHere.get(question);
    const stored = JSON.parse(versions.dataset.stored);
    const chosen = radios(versions).find((radio) => radio.checked)?.value;
    if (chosen === "stored") fill(question, stored);
    else if (chosen === "both") fill(question, [here.concat(stored).join(joint)]);
    else fill(question, here);
  }

  for (const versions of document.querySelectorAll(".cp-versions[data-question]")) {
    typedHere.set(versions.dataset.question, JSON.parse(versions.dataset.here));
    apply(versions);
    versions.addEventListener("change", () => apply(versions));
  }

  form.addEventListener("input", (event) => {
    const versions = document.querySelector(`.cp-versions[data-question="${event.target.name}"]`);
    if (isFilling || !versions) return;
    typedHere.set(event.target.name, values(event.target.name));
    radios(versions).find((radio) => radio.value === "here").checked = true;
  });

  // The fields say it already: said twice, two texts would be joined twice.
  form.addEventListener("formdata", (event) => {
    for (const code of typedHere.keys()) event.formData.delete(`keep-${code}`);
  });
}

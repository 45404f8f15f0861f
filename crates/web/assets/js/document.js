// The document simulator: choosing a sandbox person fills the form.

const person = document.getElementById('person');
const form = document.getElementById('document');

person?.addEventListener('change', () => {
  const chosen = person.selectedOptions[0].dataset;
  for (const [field, value] of [
    ['holder', chosen.holder],
    ['number', chosen.number],
    ['birth_date', chosen.birthDate],
    ['valid_until', chosen.validUntil],
  ]) {
    form.elements[field].value = value ?? '';
  }
});

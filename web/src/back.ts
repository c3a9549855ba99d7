// The button that brings back what an example, a reset or a removal took away.

/** Offers to bring back what was there; once offered, it stays. */
export function offerBack(bring: () => void): void {
  if (document.getElementById('back')) return;
  const back = Object.assign(document.createElement('button'), { id: 'back', type: 'button', className: 'quiet' });
  for (const [className, textContent] of [['long', 'Back to what you had'], ['short', 'Back']] as const) {
    back.append(Object.assign(document.createElement('span'), { className, textContent }));
  }
  back.addEventListener('click', bring);
  document.getElementById('reset')?.before(back);
}

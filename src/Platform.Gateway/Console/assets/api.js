// The same HTTP API as everybody's. The key lives in this tab's session only.
const slot = 'platform-key';

export const key = {
  get: () => sessionStorage.getItem(slot),
  set: value => sessionStorage.setItem(slot, value),
  forget: () => sessionStorage.removeItem(slot),
};

export class ApiError extends Error {
  constructor(status, message) { super(message); this.status = status; }
}

export async function call(path, body, signal) {
  const response = await fetch(`../v1/${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { Authorization: `Bearer ${key.get()}`, ...(body && { 'Content-Type': 'application/json' }) },
    body: body && JSON.stringify(body),
    signal,
  });
  const text = await response.text();
  const answer = text ? JSON.parse(text) : null;
  if (!response.ok) throw new ApiError(response.status, answer?.detail ?? answer?.title ?? `HTTP ${response.status}`);
  return answer;
}

export const indexes = signal => call('indexes', null, signal).then(answer => answer.indexes);
export const index = (name, signal) => call(`indexes/${encodeURIComponent(name)}`, null, signal);
export const statistics = (name, signal) => call(`indexes/${encodeURIComponent(name)}/statistics`, null, signal);
export const search = (name, request, signal) => call(`indexes/${encodeURIComponent(name)}/search`, request, signal);

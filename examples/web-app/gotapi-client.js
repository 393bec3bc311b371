// Gantry's GotAPI client, made from src/renderer/gotapi-client by "npm run docs".
// src/renderer/gotapi-client/answer.ts
/** gotapi 3.5, client side only: no answer came, or one that is not GotAPI. */
var unreachable = -1;
/** gotapi 3.5, client side only: the answer was not signed with the shared key. */
var wrongServer = -2;
var codes = {
	timeout: 7,
	expired: 12,
	missing: 13,
	unknownToken: 15
};
var failure = (errorCode, errorMessage) => ({
	result: 1,
	errorCode,
	errorMessage
});
var isPayload = (thing) => typeof thing === "object" && thing !== null && !Array.isArray(thing);
/** Whatever a server said, as an answer. gotapi 3.4: `result` decides, never the presence of `errorCode`. */
function toAnswer(said) {
	if (!isPayload(said) || typeof said.result !== "number") return failure(-1, "what answered does not speak GotAPI");
	if (said.result === 0) return {
		...said,
		result: 0
	};
	const code = Number(said.errorCode);
	return {
		...said,
		result: 1,
		errorCode: Number.isInteger(code) ? code : 1,
		errorMessage: typeof said.errorMessage === "string" ? said.errorMessage : ""
	};
}
// src/renderer/gotapi-client/bytes.ts
var stale$1 = [
	codes.expired,
	codes.missing,
	codes.unknownToken
];
/** The byte channel: the token goes in a header, never in an address, and a useless one is replaced once. */
function createBytes({ world, server, ownOrigin, token, renew }) {
	return async (path, init) => {
		for (let isSecondTry = false;; isSecondTry = true) {
			const used = token();
			const response = await world.fetch(`${server}${path}`, {
				...init,
				cache: "no-store",
				headers: {
					...init.headers,
					...used !== void 0 && { Authorization: `Bearer ${used}` },
					...ownOrigin !== void 0 && { "X-GotAPI-Origin": ownOrigin }
				}
			});
			if (isSecondTry || response.ok || !await isStale(response)) return response;
			if (!await renew(used)) return response;
		}
	};
}
async function isStale(response) {
	try {
		const answer = toAnswer(await response.clone().json());
		return answer.result !== 0 && stale$1.includes(answer.errorCode);
	} catch {
		return false;
	}
}
// src/renderer/gotapi-client/link.ts
var handshakeWithinMs = 1e4;
var firstDelayMs = 500;
var longestDelayMs = 3e4;
/** gotapi 9-4: the token is not one of this origin's. */
var badToken = 3;
function parse(text) {
	try {
		const thing = JSON.parse(String(text));
		return isPayload(thing) ? thing : void 0;
	} catch {
		return;
	}
}
/** GotAPI-5 from the page's side: one socket while something is followed, tried again with growing pauses. */
function createLink(options) {
	const { world } = options;
	let socket;
	let state = "off";
	let wanted = false;
	let failures = 0;
	let callOff;
	function become(next) {
		if (state === next) return;
		state = next;
		options.onState(next);
	}
	function open() {
		const token = options.token();
		if (token === void 0) {
			become("off");
			return;
		}
		become("connecting");
		const line = world.openSocket(options.url);
		socket = line;
		callOff = world.later(handshakeWithinMs, () => drop(line));
		line.onopen = () => line.send(JSON.stringify({ accessToken: token }));
		line.onmessage = ({ data }) => {
			if (socket === line) heard(line, parse(data));
		};
		line.onclose = () => {
			if (socket === line) broken();
		};
	}
	function heard(line, frame) {
		if (!frame) return;
		if (state === "live") {
			options.onFrame(frame);
			return;
		}
		callOff?.();
		if (frame.result === 0) {
			failures = 0;
			become("live");
			options.onLive();
		} else if (frame.errorCode === badToken) {
			stop();
			options.onRefused();
		} else drop(line);
	}
	/** Ends a socket whose own close event may be long in coming. */
	function drop(line) {
		if (socket !== line) return;
		line.onclose = null;
		line.close();
		broken();
	}
	function broken() {
		callOff?.();
		callOff = void 0;
		socket = void 0;
		if (!wanted) {
			become("off");
			return;
		}
		const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** failures) * (.5 + world.random() / 2);
		failures += 1;
		become("waiting");
		callOff = world.later(delayMs, open);
	}
	function stop() {
		wanted = false;
		callOff?.();
		callOff = void 0;
		const line = socket;
		socket = void 0;
		if (line) {
			line.onclose = null;
			line.close();
		}
		become("off");
	}
	return {
		get state() {
			return state;
		},
		/** Something is followed: be connected. */
		want() {
			wanted = true;
			if (state !== "off") return;
			failures = 0;
			open();
		},
		/** Nothing is followed any more. The server closes the line itself after the last DELETE (gotapi 8.2). */
		release() {
			wanted = false;
			if (state === "waiting") stop();
		},
		stop
	};
}
// src/renderer/gotapi-client/registrations.ts
var serviceOf = (params) => String(params.serviceId ?? "");
var keyOf = (path, params) => `${path.toLowerCase()} ${serviceOf(params)}`;
/** gotapi 9: the names of a frame, joined as its path was asked for. */
var pathOf = ({ profile, interface: part, attribute }) => [
	profile,
	part,
	attribute
].filter((name) => typeof name === "string" && name !== "").join("/").toLowerCase();
/** What the page follows, and who gets which frame. */
function createRegistrations() {
	const all = /* @__PURE__ */ new Map();
	return {
		get size() {
			return all.size;
		},
		list: () => [...all.values()],
		has: (registration) => all.get(keyOf(registration.path, registration.params)) === registration,
		/** The registration of this path and service, and whether it is a new one. */
		open(path, params) {
			const key = keyOf(path, params);
			const known = all.get(key);
			if (known) return {
				registration: known,
				isNew: false
			};
			const registration = {
				path,
				params,
				listeners: /* @__PURE__ */ new Set(),
				failed: /* @__PURE__ */ new Set(),
				isStarted: false
			};
			all.set(key, registration);
			return {
				registration,
				isNew: true
			};
		},
		close(registration) {
			if (this.has(registration)) all.delete(keyOf(registration.path, registration.params));
		},
		deliver(frame) {
			const path = pathOf(frame);
			for (const registration of all.values()) {
				const service = serviceOf(registration.params);
				if (registration.path.toLowerCase() !== path) continue;
				if (service !== "" && service !== frame.serviceId) continue;
				for (const listener of [...registration.listeners]) listener(frame);
			}
		}
	};
}
// src/renderer/gotapi-client/world.ts
var browserWorld = {
	fetch: (url, init) => fetch(url, init),
	openSocket: (url) => new WebSocket(url),
	later(delayMs, act) {
		const timer = setTimeout(act, delayMs);
		return () => clearTimeout(timer);
	},
	random: () => Math.random(),
	randomHex: (bytes) => toHex(crypto.getRandomValues(new Uint8Array(bytes)))
};
var toHex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
// src/renderer/gotapi-client/hmac.ts
var bytesOf = (text) => Uint8Array.from(new TextEncoder().encode(text));
function bytesOfHex(hex) {
	const pairs = hex.match(/../g) ?? [];
	return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}
/** What a server that holds the key answers to this nonce. */
async function hmacOf({ key, mode }, nonce) {
	const read = mode === "hex" ? bytesOfHex : bytesOf;
	const secret = await crypto.subtle.importKey("raw", read(key), {
		name: "HMAC",
		hash: "SHA-256"
	}, false, ["sign"]);
	return toHex(new Uint8Array(await crypto.subtle.sign("HMAC", secret, read(nonce))));
}
// src/renderer/gotapi-client/request.ts
/** The access token may wait for a person's decision; every other call is answered within the server's 60 s. */
var answerWithinMs = 7e4;
var decisionWithinMs = 6e5;
var nonceBytes = 16;
function toQuery(params) {
	const query = new URLSearchParams();
	for (const [name, value] of Object.entries(params)) if (value !== void 0) query.set(name, String(value));
	return query;
}
/** One request over GotAPI-1 or -2. Never throws: what goes wrong is an answer with a negative code. */
async function request(caller, method, path, params) {
	const key = caller.serverKey();
	const nonce = key ? caller.world.randomHex(nonceBytes) : void 0;
	const query = toQuery({
		...params,
		nonce
	});
	const inBody = method === "POST" || method === "PUT";
	const url = `${caller.server}/gotapi/${path}${inBody ? "" : `?${query}`}`;
	const stop = new AbortController();
	const limitMs = path.startsWith("authorization/") ? decisionWithinMs : answerWithinMs;
	let isLate = false;
	const callOff = caller.world.later(limitMs, () => {
		isLate = true;
		stop.abort();
	});
	try {
		const answer = toAnswer(await (await caller.world.fetch(url, {
			method,
			signal: stop.signal,
			cache: "no-store",
			...caller.ownOrigin && { headers: { "X-GotAPI-Origin": caller.ownOrigin } },
			...inBody && { body: query }
		})).json());
		if (key && nonce !== void 0 && answer.hmac !== await hmacOf(key, nonce)) return failure(-2, "the answer was not signed with the shared key");
		return answer;
	} catch {
		return isLate ? failure(codes.timeout, "no answer came in time") : failure(-1, "nothing answers at this address");
	} finally {
		callOff();
	}
}
// src/renderer/gotapi-client/client.ts
/** The token is of no use any more; a new one may be. */
var stale = [
	codes.expired,
	codes.missing,
	codes.unknownToken
];
var needsNoToken = /^(availability|authorization(\/|$))/i;
var memoryKeeper = () => {
	let token;
	return {
		read: () => token,
		write: (next) => {
			token = next;
		}
	};
};
function split(route) {
	const [method = "", path = ""] = route.split(" ", 2);
	return {
		method,
		path
	};
}
function createGotapiClient(options) {
	const world = options.world ?? browserWorld;
	const keeper = options.keeper ?? memoryKeeper();
	const registrations = createRegistrations();
	let serverKey = options.serverKey;
	let authorising;
	const caller = {
		world,
		server: options.server,
		ownOrigin: globalThis.location?.origin === options.server ? options.server : void 0,
		serverKey: () => serverKey
	};
	const link = createLink({
		world,
		url: `${options.server.replace(/^http/, "ws")}/gotapi/websocket`,
		token: () => keeper.read(),
		onFrame: (frame) => registrations.deliver(frame),
		onLive: () => {
			for (const registration of registrations.list()) start(registration);
		},
		onRefused: () => void renew(keeper.read()),
		onState: (state) => options.onLink?.(state)
	});
	async function start(registration) {
		registration.isStarted = true;
		const answer = await callRoute(`PUT ${registration.path}`, registration.params);
		if (answer.result === 0) return;
		for (const tell of [...registration.failed]) tell(answer.errorCode, answer.errorMessage);
	}
	async function grant(invitation) {
		const { device } = options;
		const granted = await request(caller, "GET", "authorization/grant", { device });
		if (granted.result !== 0) return granted;
		const answer = await request(caller, "GET", "authorization/accesstoken", {
			clientId: String(granted.clientId),
			scope: options.scopes.join(","),
			applicationName: options.applicationName,
			device,
			invitation
		});
		if (answer.result !== 0) return answer;
		keeper.write(String(answer.accessToken));
		if (registrations.size > 0) link.want();
		return answer;
	}
	/** Asks for access; the answer comes when the owner has decided. Several callers share one question. */
	function authorise(invitation) {
		authorising ??= grant(invitation).finally(() => {
			authorising = void 0;
		});
		return authorising;
	}
	/** A token proved useless. True when there is a better one now. */
	async function renew(useless) {
		if (keeper.read() !== useless) return keeper.read() !== void 0;
		if (useless !== void 0) keeper.write(void 0);
		if (options.asksAgain) return (await authorise()).result === 0;
		link.stop();
		options.onSignedOut?.();
		return false;
	}
	async function callRoute(route, params = {}) {
		const { method, path } = split(route);
		if (needsNoToken.test(path)) return request(caller, method, path, params);
		for (let isSecondTry = false;; isSecondTry = true) {
			const token = keeper.read();
			if (token === void 0 && !isSecondTry && options.asksAgain) {
				const answer = await authorise();
				if (answer.result !== 0) return answer;
				continue;
			}
			const answer = token === void 0 ? failure(codes.missing, "this page is not signed in") : await request(caller, method, path, {
				...params,
				accessToken: token
			});
			if (!(answer.result !== 0 && stale.includes(answer.errorCode)) || isSecondTry || !await renew(token)) return answer;
		}
	}
	/** Follows a route until the returned function is called. A broken line is mended without the caller's help. */
	function subscribe(route, params, listener, onFailure) {
		const { path } = split(route);
		const { registration, isNew } = registrations.open(path, params);
		registration.listeners.add(listener);
		if (onFailure) registration.failed.add(onFailure);
		link.want();
		if (isNew && link.state === "live") start(registration);
		return () => {
			registration.listeners.delete(listener);
			if (onFailure) registration.failed.delete(onFailure);
			if (registration.listeners.size > 0 || !registrations.has(registration)) return;
			registrations.close(registration);
			if (registrations.size === 0) link.release();
			if (registration.isStarted && keeper.read() !== void 0) callRoute(`DELETE ${path}`, params);
		};
	}
	/** gotapi 10.3: hands the server a key of ours, so that from now on every answer proves it is the same server. */
	async function deliverKey(key) {
		const answer = await request({
			...caller,
			serverKey: () => void 0
		}, "GET", "availability", { key });
		if (answer.result === 0) serverKey = {
			key,
			mode: "text"
		};
		return answer;
	}
	return {
		callRoute,
		bytes: createBytes({
			world,
			server: options.server,
			ownOrigin: caller.ownOrigin,
			token: keeper.read,
			renew
		}),
		subscribe,
		authorise,
		deliverKey,
		close: () => link.stop()
	};
}
export { browserWorld, createGotapiClient, hmacOf, toAnswer, unreachable, wrongServer };

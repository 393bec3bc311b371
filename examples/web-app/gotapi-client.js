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
	return said.result === 0 ? {
		...said,
		result: 0
	} : toFailure(said);
}
/** What a server refused with. What it left out or made no sense of is filled in or dropped. */
function toFailure(said) {
	const { reason, reasonParams, ...rest } = said;
	const code = Number(said.errorCode);
	return {
		...rest,
		result: 1,
		errorCode: Number.isInteger(code) ? code : 1,
		errorMessage: typeof said.errorMessage === "string" ? said.errorMessage : "",
		...typeof reason === "string" && {
			reason,
			...isPayload(reasonParams) && { reasonParams }
		}
	};
}
// src/follow/registration-machine.ts
var newRegistration = (isLineUp) => ({
	isWanted: false,
	standing: "none",
	asking: void 0,
	isJoined: false,
	hasStood: false,
	failures: 0,
	isResting: false,
	isLineUp
});
/** What to ask the server now. */
function dueCall(state) {
	const { isWanted, standing, isJoined, asking, isResting, isLineUp } = state;
	if (!isLineUp || asking !== void 0 || isResting) return void 0;
	if (isWanted) return standing !== "started" || isJoined ? "PUT" : void 0;
	return standing === "none" ? void 0 : "DELETE";
}
/** Nobody wants it, and nothing of it is left at the server. */
var isOver = ({ isWanted, standing, asking }) => !isWanted && standing === "none" && asking === void 0;
function next(state, input) {
	switch (input.kind) {
		case "followed": return {
			...state,
			isWanted: true,
			isJoined: true
		};
		case "left": return {
			...state,
			isWanted: false
		};
		case "line": return onLine(state, input.isUp);
		case "asked": {
			const asking = dueCall(state);
			return {
				...state,
				asking,
				isJoined: asking === "PUT" ? false : state.isJoined
			};
		}
		case "answered": return onAnswer({
			...state,
			asking: void 0
		}, state.asking, input.verdict);
		case "rested": return {
			...state,
			isResting: false
		};
	}
}
function onLine(state, isLineUp) {
	const isUntouched = state.standing === "none" && state.asking === void 0;
	return {
		...state,
		isLineUp,
		asking: void 0,
		isResting: false,
		standing: isUntouched ? "none" : "doubtful"
	};
}
function onAnswer(state, asked, verdict) {
	if (verdict === "later") {
		const standing = state.standing === "started" ? "started" : "doubtful";
		const isJoined = state.isJoined || asked === "PUT";
		return {
			...state,
			standing,
			isJoined,
			failures: state.failures + 1,
			isResting: true
		};
	}
	if (asked === "DELETE") return {
		...state,
		standing: "none",
		failures: 0
	};
	if (verdict === "refused") return state.standing === "started" ? state : {
		...state,
		standing: "none"
	};
	if (verdict === "no-line") return {
		...state,
		standing: "doubtful",
		isLineUp: false
	};
	return {
		...state,
		standing: "started",
		hasStood: true,
		failures: 0
	};
}
// src/follow/verdict.ts
/** gotapi 3.5. No answer in time, or a server that cannot take it just now. */
var passing = [7, 17];
/** What stood once comes back: a plug-in that starts again, a printer that is away, a switch that is turned on. */
var returning = [
	1,
	6,
	16,
	21,
	22
];
/** What an answer means for a registration that stood before, or never did. */
function verdictOf({ result, errorCode, line }, hasStood) {
	if (result === 0) return line === false ? "no-line" : "done";
	if (typeof errorCode !== "number" || errorCode < 1 || passing.includes(errorCode)) return "later";
	return hasStood && returning.includes(errorCode) ? "later" : "refused";
}
// src/follow/registrations.ts
var firstRestMs = 500;
var longestRestMs = 3e4;
var restMs = (failures) => Math.min(longestRestMs, firstRestMs * 2 ** (failures - 1));
var pathKey = (path) => path.toLowerCase();
var keyOf = (path, serviceId) => `${pathKey(path)} ${serviceId ?? ""}`;
/** gotapi 9: a frame carries the names of the path it was asked for by. Who named no service hears of all of them. */
function keysOf({ profile, interface: part, attribute, serviceId }) {
	const path = [
		profile,
		part,
		attribute
	].filter((name) => typeof name === "string" && name !== "").join("/");
	return /* @__PURE__ */ new Set([keyOf(path, void 0), keyOf(path, serviceId)]);
}
/** All that one client follows over its one line: many followers, one registration for each path and service. */
function createRegistrations(transport) {
	const all = /* @__PURE__ */ new Map();
	let isLineUp = false;
	const wanted = () => [...all.values()].filter(({ state }) => state.isWanted);
	function feed(registration, input) {
		registration.state = next(registration.state, input);
		if (isOver(registration.state)) forget(registration);
		else if (dueCall(registration.state) !== void 0) ask(registration);
	}
	function letGo(registration) {
		registration.callOffRest();
		registration.call?.abort();
		registration.call = void 0;
	}
	function forget(registration) {
		letGo(registration);
		all.delete(registration.key);
	}
	async function ask(registration) {
		registration.state = next(registration.state, { kind: "asked" });
		const { asking } = registration.state;
		if (asking === void 0) return;
		const { followers, path, service } = registration;
		const present = [...followers.keys()];
		const newest = [...followers.values()].at(-1)?.params;
		const call = new AbortController();
		registration.call = call;
		const answer = await transport.call(asking, path, newest ?? service, call.signal);
		if (registration.call !== call) return;
		registration.call = void 0;
		const verdict = verdictOf(answer, registration.state.hasStood);
		if (asking === "PUT" && verdict === "done") serve(registration, present);
		if (asking === "PUT" && verdict === "refused") refuse(registration, present, answer);
		feed(registration, {
			kind: "answered",
			verdict
		});
		if (verdict === "later") rest(registration);
		if (verdict === "no-line") {
			lineDown();
			transport.renewLine();
		}
	}
	function serve({ followers }, present) {
		for (const follower of present) {
			const place = followers.get(follower);
			if (place) place.isServed = true;
		}
	}
	/** Those it was asked for; who had been served before keeps what stands. */
	function refuse(registration, present, answer) {
		const { followers, state } = registration;
		for (const follower of present) if (!(state.standing === "started" && followers.get(follower)?.isServed === true) && followers.delete(follower)) follower.onRefused?.(answer);
		if (followers.size === 0) left(registration);
	}
	function rest(registration) {
		registration.callOffRest = transport.later(restMs(registration.state.failures), () => feed(registration, { kind: "rested" }));
	}
	function left(registration) {
		feed(registration, { kind: "left" });
		if (wanted().length > 0) return;
		transport.releaseLine();
		if (!isLineUp) forgetAll();
	}
	/** Without a line the server drops them by itself. */
	function forgetAll() {
		for (const registration of [...all.values()]) forget(registration);
	}
	function lineDown() {
		isLineUp = false;
		for (const registration of [...all.values()]) {
			letGo(registration);
			feed(registration, {
				kind: "line",
				isUp: false
			});
		}
		if (wanted().length === 0) forgetAll();
	}
	return {
		/** How much of it somebody still wants. */
		get size() {
			return wanted().length;
		},
		follows: (path) => wanted().some((each) => pathKey(each.path) === pathKey(path)),
		follow(path, params, follower) {
			const { serviceId } = params;
			const key = keyOf(path, serviceId);
			const registration = all.get(key) ?? {
				key,
				path,
				service: serviceId === void 0 ? {} : { serviceId },
				followers: /* @__PURE__ */ new Map(),
				state: newRegistration(isLineUp),
				call: void 0,
				callOffRest: () => {}
			};
			all.set(key, registration);
			registration.followers.set(follower, {
				params,
				isServed: false
			});
			feed(registration, { kind: "followed" });
			transport.wantLine();
			return () => {
				if (registration.followers.delete(follower) && registration.followers.size === 0) left(registration);
			};
		},
		deliver(frame) {
			for (const key of keysOf(frame)) for (const follower of [...all.get(key)?.followers.keys() ?? []]) follower.onEvent(frame);
		},
		/** The line carries: everything followed is asked for anew. */
		lineUp() {
			isLineUp = true;
			for (const registration of [...all.values()]) feed(registration, {
				kind: "line",
				isUp: true
			});
		},
		/** The line broke. Calls on their way belonged to it, and no answer of theirs counts any more. */
		lineDown,
		/** For good: nobody is told anything any more, and nothing is asked. */
		close() {
			isLineUp = false;
			for (const { followers } of all.values()) followers.clear();
			forgetAll();
		}
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
var longestDelayMs = 1e4;
/** gotapi 9-4: the token is not one of this origin's. */
var badToken = 3;
/** A line on which a heartbeat is followed and nothing was heard for so long is dead, whatever the browser thinks. */
var silentMs = 5e3;
var lookEveryMs = 1e3;
/** A line that broke sooner was a failure, although its handshake succeeded. */
var soundMs = 5e3;
/** Asked to try at once: a handshake that took so long already is begun again. */
var patienceMs = 2e3;
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
	let stateAtMs = 0;
	let heardAtMs = 0;
	let callOff = () => {};
	const inStateMs = () => world.elapsed() - stateAtMs;
	const isSilent = () => options.expectsBeat() && world.elapsed() - heardAtMs > silentMs;
	function become(next, retryInMs) {
		const wasLive = state === "live";
		state = next;
		stateAtMs = world.elapsed();
		if (wasLive) options.onDown();
		options.onStatus({
			state: next,
			failures,
			...retryInMs !== void 0 && { retryInMs }
		});
	}
	function open() {
		const token = options.token();
		if (token === void 0) {
			if (state !== "off") become("off");
			return;
		}
		become("connecting");
		const line = world.openSocket(options.url);
		socket = line;
		callOff = world.later(handshakeWithinMs, broken);
		line.onopen = () => line.send(JSON.stringify({ accessToken: token }));
		line.onmessage = ({ data }) => heard(parse(data));
		line.onclose = broken;
	}
	function heard(frame) {
		heardAtMs = world.elapsed();
		if (!frame) return;
		if (state === "live") {
			options.onFrame(frame);
			return;
		}
		callOff();
		if (frame.result === 0 && wanted) {
			become("live");
			watch();
			options.onLive();
		} else if (frame.errorCode === badToken) {
			stop();
			options.onRefused();
		} else broken();
	}
	function watch() {
		callOff = world.later(lookEveryMs, () => {
			if (isSilent()) silent();
			else watch();
		});
	}
	function silent() {
		broken();
		options.onSilent();
	}
	/** Lets go of a socket, whose own close event may be long in coming. */
	function drop() {
		callOff();
		const line = socket;
		socket = void 0;
		if (!line) return;
		line.onopen = null;
		line.onmessage = null;
		line.onclose = null;
		line.close();
	}
	function broken() {
		drop();
		if (!wanted) {
			become("off");
			return;
		}
		if (state === "live" && inStateMs() >= soundMs) failures = 0;
		const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** failures) * (.5 + world.random() / 2);
		failures += 1;
		become("waiting", delayMs);
		callOff = world.later(delayMs, open);
	}
	function stop() {
		wanted = false;
		drop();
		if (state !== "off") become("off");
	}
	function tryNow() {
		if (state === "live" && isSilent()) silent();
		else if (state === "connecting" && inStateMs() > patienceMs) drop();
		else if (state !== "waiting") return;
		callOff();
		open();
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
		/** The server says it has no line of ours: this one leads nowhere. */
		renew() {
			if (state === "live") broken();
		},
		/** Does not wait for the next try, where one is due. */
		tryNow,
		stop
	};
}
// src/renderer/gotapi-client/steady-clock.ts
/** More than a wall clock is ever nudged by: the computer slept, or somebody set the clock. */
var jumpMs = 1e3;
/**
* Milliseconds that never run backwards and that go on while the computer sleeps. Some systems halt
* `performance.now()` then: a page that woke would take yesterday's word for a second old. A wall clock that jumped
* ahead tells of it. (One that was only set makes things older than they are, until the next word comes.)
*/
function createSteadyClock(runningMs = () => performance.now(), wallMs = () => Date.now()) {
	let sleptMs = 0;
	let aheadMs = wallMs() - runningMs();
	return () => {
		const nextMs = wallMs() - runningMs();
		if (nextMs - aheadMs > jumpMs) sleptMs += nextMs - aheadMs;
		aheadMs = nextMs;
		return runningMs() + sleptMs;
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
	elapsed: createSteadyClock(),
	onWake(act) {
		const seen = () => {
			if (document.visibilityState === "visible") act();
		};
		document.addEventListener("visibilitychange", seen);
		addEventListener("online", act);
		return () => {
			document.removeEventListener("visibilitychange", seen);
			removeEventListener("online", act);
		};
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
async function request(caller, method, path, params, signal) {
	const key = caller.serverKey();
	const nonce = key ? caller.world.randomHex(nonceBytes) : void 0;
	const query = toQuery({
		...params,
		nonce
	});
	const inBody = method === "POST" || method === "PUT";
	const url = `${caller.server}/gotapi/${path}${inBody ? "" : `?${query}`}`;
	const stop = new AbortController();
	const abort = () => stop.abort();
	if (signal?.aborted) abort();
	signal?.addEventListener("abort", abort);
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
		signal?.removeEventListener("abort", abort);
	}
}
// src/renderer/gotapi-client/client.ts
/** The token is of no use any more; a new one may be. */
var stale = [
	codes.expired,
	codes.missing,
	codes.unknownToken
];
/** While it is followed, a line that carries nothing is known to be dead. */
var heartbeat = "system/heartbeat";
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
	let serverKey = options.serverKey;
	let authorising;
	let reads = new AbortController();
	const caller = {
		world,
		server: options.server,
		ownOrigin: globalThis.location?.origin === options.server ? options.server : void 0,
		serverKey: () => serverKey
	};
	const registrations = createRegistrations({
		call: (method, path, params, signal) => method === "PUT" ? callRoute(`PUT ${path}`, params, signal) : endAt(path, params, signal),
		wantLine: () => link.want(),
		releaseLine: () => link.release(),
		renewLine: () => link.renew(),
		later: (delayMs, act) => world.later(delayMs, act)
	});
	const link = createLink({
		world,
		url: `${options.server.replace(/^http/, "ws")}/gotapi/websocket`,
		token: () => keeper.read(),
		onFrame: (frame) => registrations.deliver(frame),
		onLive: () => registrations.lineUp(),
		onDown: () => registrations.lineDown(),
		onSilent: () => {
			reads.abort();
			reads = new AbortController();
		},
		onRefused: () => void renew(keeper.read()),
		expectsBeat: () => registrations.follows(heartbeat),
		onStatus: (status) => options.onLink?.(status)
	});
	const endWaking = world.onWake(() => link.tryNow());
	/** With the token it was started with went all of it: the owner is never asked for access in order to end something. */
	async function endAt(path, params, signal) {
		const accessToken = keeper.read();
		if (accessToken === void 0) return toAnswer({ result: 0 });
		return request(caller, "DELETE", path, {
			...params,
			accessToken
		}, signal);
	}
	async function grant(invitation) {
		const granted = await request(caller, "GET", "authorization/grant", { device: options.device });
		if (granted.result !== 0) return granted;
		const answer = await request(caller, "GET", "authorization/accesstoken", {
			clientId: String(granted.clientId),
			scope: options.scopes.join(","),
			applicationName: options.applicationName,
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
	async function callRoute(route, params = {}, ending) {
		const { method, path } = split(route);
		if (needsNoToken.test(path)) return request(caller, method, path, params);
		const signal = ending ?? (method === "GET" ? reads.signal : void 0);
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
			}, signal);
			if (!(answer.result !== 0 && stale.includes(answer.errorCode)) || isSecondTry || !await renew(token)) return answer;
		}
	}
	/** Follows a route until the returned function is called. A broken line is mended without the caller's help. */
	function subscribe(route, params, listener, onFailure) {
		return registrations.follow(split(route).path, params, {
			onEvent: listener,
			onRefused: (answer) => onFailure?.(toFailure(answer))
		});
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
		callRoute: (route, params) => callRoute(route, params),
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
		/** Does not wait for the next try, where the line is down. */
		tryNow: () => link.tryNow(),
		close() {
			endWaking();
			registrations.close();
			link.stop();
		}
	};
}
export { browserWorld, createGotapiClient, hmacOf, toAnswer, unreachable, wrongServer };

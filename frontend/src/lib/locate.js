// The place of the device, in WGS-84 as browsers give it, or null when it cannot be had.
export function locate({ timeout = 12_000, maximumAge = 0 } = {}) {
  return new Promise((done) => {
    if (!navigator.geolocation) {
      done(null);
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords, timestamp }) =>
        done({
          lat: coords.latitude,
          lon: coords.longitude,
          accuracy: coords.accuracy,
          datum: "wgs84",
          // Some engines count from another epoch; such an age says nothing.
          taken: Math.abs(Date.now() - timestamp) < 3_600_000 ? timestamp : Date.now(),
        }),
      () => done(null),
      { enableHighAccuracy: true, timeout, maximumAge },
    );
  });
}

export function fixAge(place, now = Date.now()) {
  return Math.max(0, Math.round((now - place.taken) / 1000));
}

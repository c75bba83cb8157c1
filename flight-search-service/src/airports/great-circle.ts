/** A point on the Earth, in decimal degrees. */
export interface Position {
  readonly latitude: number;
  readonly longitude: number;
}

const EARTH_RADIUS_KM = 6371;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Great-circle distance in kilometres on a sphere of the Earth's mean radius (haversine formula). */
export function distanceKm(from: Position, to: Position): number {
  const latitudeArc = radians(to.latitude - from.latitude);
  const longitudeArc = radians(to.longitude - from.longitude);
  const haversine =
    Math.sin(latitudeArc / 2) ** 2 +
    Math.cos(radians(from.latitude)) * Math.cos(radians(to.latitude)) * Math.sin(longitudeArc / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(haversine));
}

/** Whether the shorter way from one point to the other leads east. */
export function isEastbound(from: Position, to: Position): boolean {
  const turn = (to.longitude - from.longitude + 540) % 360;
  return turn > 180;
}

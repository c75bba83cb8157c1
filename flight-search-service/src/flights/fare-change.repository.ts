import type { Cabin } from '@flight-booking/contracts';
import type { Queries } from '@flight-booking/platform';
import type { FareChange, FareMove } from './fare-change.js';

interface FareChangeRow {
  readonly fareChangeId: number;
  readonly cabin: Cabin;
  readonly oldBase: number;
  readonly oldFuel: number;
  readonly newBase: number;
  readonly newFuel: number;
  readonly changedBy: number;
  readonly changedAt: Date;
}

/** What became of the fares of flights, in PostgreSQL. */
export class FareChangeRepository {
  async record(tx: Queries, flightId: number, moves: readonly FareMove[], changedBy: number): Promise<void> {
    const rows = moves.map(({ cabin, before, after }) => ({
      cabin,
      oldBase: before.baseFarePaise,
      oldFuel: before.fuelSurchargePaise,
      newBase: after.baseFarePaise,
      newFuel: after.fuelSurchargePaise,
    }));
    await tx.execute(
      `insert into fare_changes (flight_id, cabin, old_base_fare_paise, old_fuel_surcharge_paise,
                                 new_base_fare_paise, new_fuel_surcharge_paise, changed_by)
       select $1, cabin, "oldBase", "oldFuel", "newBase", "newFuel", $2
       from jsonb_to_recordset($3)
         as given (cabin text, "oldBase" integer, "oldFuel" integer, "newBase" integer, "newFuel" integer)`,
      [flightId, changedBy, JSON.stringify(rows)],
    );
  }

  /** The last so many changes of a flight's fares, the newest first. */
  async list(queries: Queries, flightId: number, limit: number): Promise<FareChange[]> {
    const rows = await queries.rows<FareChangeRow>(
      `select fare_change_id as "fareChangeId", cabin, old_base_fare_paise as "oldBase",
              old_fuel_surcharge_paise as "oldFuel", new_base_fare_paise as "newBase",
              new_fuel_surcharge_paise as "newFuel", changed_by as "changedBy", changed_at as "changedAt"
       from fare_changes where flight_id = $1 order by fare_change_id desc limit $2`,
      [flightId, limit],
    );
    return rows.map(({ oldBase, oldFuel, newBase, newFuel, ...change }) => ({
      ...change,
      before: { baseFarePaise: oldBase, fuelSurchargePaise: oldFuel },
      after: { baseFarePaise: newBase, fuelSurchargePaise: newFuel },
    }));
  }
}

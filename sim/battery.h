/* SPDX-License-Identifier: ISC */
#ifndef SIM_BATTERY_H
#define SIM_BATTERY_H

/*
 * A valve-regulated lead-acid battery. Pure: time is what the caller passes in.
 *
 * Discharge follows Peukert's law, the open-circuit voltage follows the charge, the
 * internal resistance grows with age and emptiness, the charger tapers, heat leaves with
 * a time constant. The numbers are those of a 12 V 7 Ah block, scaled by voltage and
 * capacity.
 */
struct battery {
	double nominal;     /* V */
	double capacity;    /* Ah when new and warm, at the 20-hour rate */
	double age;         /* lost share of the capacity, 0 to BATTERY_AGE_MAX */
	double charge;      /* share of what it can hold now, 0 to 1 */
	double ambient;     /* deg C around it */
	double temperature; /* deg C of the cells */
	double current;     /* A of the last step: drawn positive, charging negative */
};

#define BATTERY_AGE_MAX 0.95

/* A full, new battery at 25 deg C. */
void battery_init(struct battery *b, double nominal, double capacity);

/* Draws `watts` for `seconds` (split into steps of a second at most). Returns for how
 * many of these seconds the battery could: fewer when it became empty. */
double battery_discharge(struct battery *b, double watts, double seconds);

/* Charges for `seconds`, full or not. */
void battery_charge(struct battery *b, double seconds);

/* Neither: it only takes the temperature of its surroundings. */
void battery_rest(struct battery *b, double seconds);

/* Terminal voltage at the current of the last step; floating when full and charged. */
double battery_volts(const struct battery *b);

/* Seconds that it would deliver `watts` from now on: the estimate a UPS shows. */
double battery_runtime(const struct battery *b, double watts);

/* Sets the capacity to that which makes battery_runtime(watts) the wanted `seconds`. */
void battery_calibrate(struct battery *b, double watts, double seconds);

#endif

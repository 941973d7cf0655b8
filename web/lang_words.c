/* SPDX-License-Identifier: ISC */
#include "web/lang_table.h"

/*
 * Sorted by key, bytewise. A text holds {0}, {1} … for what the script fills in, the same
 * ones in each language. Nothing in here is HTML; what is written is escaped.
 */
/* clang-format off */
const struct lang_row lang_rows[] = {
	{"act.done", {"Done.", "C’est fait."}},
	{"act.go", {"Do it", "Exécuter"}},
	{"act.nothing", {
		"This account may do nothing here, or the UPS offers nothing.",
		"Ce compte n’a aucun droit ici, ou l’onduleur ne propose rien."}},
	{"act.open", {"Test, beeper, settings …", "Test, alarme sonore, réglages …"}},
	{"act.sent", {
		"Sent. The UPS has the order, but does not say what came of it.",
		"Envoyé. L’onduleur a reçu l’ordre, mais ne dit pas ce qu’il en est "
		"advenu."}},
	{"act.title", {"{0}: what can be done", "{0} : actions"}},
	{"battery.confidence", {"How sure that is", "Degré de certitude"}},
	{"battery.curve", {
		"Runtime of the full battery, by load",
		"Autonomie batterie pleine, selon l’utilisation"}},
	{"battery.discharges", {"Discharges seen", "Décharges observées"}},
	{"battery.last_result", {"Result of it", "Résultat"}},
	{"battery.last_test", {"Last test", "Dernier test"}},
	{"battery.next_test", {"Next test", "Prochain test"}},
	{"battery.overdue", {"overdue", "échéance dépassée"}},
	{"battery.replace", {"Replace about", "À remplacer vers"}},
	{"battery.title", {"Battery", "Batterie"}},
	{"battery.unlearned", {
		"Its health shows after the first discharges and tests of 10 seconds and "
		"more.",
		"Son état apparaîtra après les premières décharges et tests de 10 "
		"secondes et plus."}},
	{"cmd.beeper.disable", {"Beeper off", "Couper l’alarme sonore"}},
	{"cmd.beeper.disable.does", {
		"The UPS will not beep any more, in an outage neither, until the beeper "
		"is switched on again.",
		"L’onduleur ne sonnera plus, même lors d’une coupure, tant que l’alarme "
		"n’est pas réactivée."}},
	{"cmd.beeper.enable", {"Beeper on", "Activer l’alarme sonore"}},
	{"cmd.beeper.enable.does", {
		"The UPS will beep when it runs from its battery.",
		"L’onduleur sonnera lorsqu’il fonctionne sur batterie."}},
	{"cmd.beeper.mute", {"Silence the beeper for now", "Faire taire l’alarme"}},
	{"cmd.beeper.mute.does", {
		"The beeper falls silent now; at the next outage it will beep again.",
		"L’alarme se tait maintenant ; elle sonnera de nouveau à la prochaine "
		"coupure."}},
	{"cmd.beeper.toggle", {"Beeper on or off", "Basculer l’alarme sonore"}},
	{"cmd.beeper.toggle.does", {
		"The beeper is switched off if it is on, and on if it is off.",
		"L’alarme est coupée si elle est active, activée sinon."}},
	{"cmd.calibrate.start", {"Calibrate the battery", "Étalonner la batterie"}},
	{"cmd.calibrate.start.does", {
		"The UPS will run from its battery until that is nearly empty, to learn "
		"its runtime. Should the mains fail then or soon after, next to nothing "
		"is left. What hangs on it stays on.",
		"L’onduleur fonctionnera sur batterie jusqu’à ce qu’elle soit presque "
		"vide, pour mesurer son autonomie. Si le secteur manque pendant ce temps "
		"ou peu après, il ne restera presque rien. Les appareils restent "
		"alimentés."}},
	{"cmd.calibrate.stop", {"Stop calibrating", "Arrêter l’étalonnage"}},
	{"cmd.calibrate.stop.does", {
		"The UPS goes back to the mains and charges its battery.",
		"L’onduleur revient sur secteur et recharge sa batterie."}},
	{"cmd.test.battery.start", {"Test the battery", "Tester la batterie"}},
	{"cmd.test.battery.start.deep", {
		"Test the battery deeply",
		"Test approfondi de la batterie"}},
	{"cmd.test.battery.start.deep.does", {
		"The UPS will run from its battery for minutes, down to a low charge. "
		"What hangs on it stays on, but should the mains fail then or soon after, "
		"little is left.",
		"L’onduleur fonctionnera sur batterie pendant plusieurs minutes, jusqu’à "
		"une charge basse. Les appareils restent alimentés, mais si le secteur "
		"manque pendant ce temps ou peu après, il restera peu d’autonomie."}},
	{"cmd.test.battery.start.does", {
		"The UPS will run from its battery for a while. What hangs on it stays "
		"on, unless the battery is worn out.",
		"L’onduleur fonctionnera quelque temps sur batterie. Les appareils "
		"restent alimentés, sauf si la batterie est usée."}},
	{"cmd.test.battery.start.quick", {
		"Test the battery briefly",
		"Test rapide de la batterie"}},
	{"cmd.test.battery.start.quick.does", {
		"The UPS will run from its battery for some 10 seconds. What hangs on it "
		"stays on, unless the battery is worn out.",
		"L’onduleur fonctionnera sur batterie pendant une dizaine de secondes. "
		"Les appareils restent alimentés, sauf si la batterie est usée."}},
	{"cmd.test.battery.stop", {"Stop the test", "Arrêter le test"}},
	{"cmd.test.battery.stop.does", {
		"The UPS ends its test and goes back to the mains.",
		"L’onduleur met fin au test et revient sur secteur."}},
	{"cmd.test.panel.start", {"Test lamps and beeper", "Tester voyants et alarme"}},
	{"cmd.test.panel.start.does", {
		"The UPS lights all its lamps and beeps once. The power stays as it is.",
		"L’onduleur allume tous ses voyants et sonne une fois. L’alimentation ne "
		"change pas."}},
	{"dialog.cancel", {"Cancel", "Annuler"}},
	{"dialog.close", {"Close", "Fermer"}},
	{"dialog.wait", {"One moment …", "Un instant …"}},
	{"drill.alive", {
		"its power ends while it is still on",
		"perd l’alimentation encore allumée"}},
	{"drill.assumed", {"its stopping time is assumed", "durée d’arrêt supposée"}},
	{"drill.bad", {
		"{0} of them would lose their power while they are still on.",
		"{0} d’entre elles perdraient l’alimentation encore allumées."}},
	{"drill.does", {
		"An outage is rehearsed, with what is known at this moment of the "
		"battery, of the load and of who is there. Nothing is switched, nobody is "
		"told: it is a calculation.",
		"Une coupure est simulée avec ce qu’on sait à cet instant de la batterie, "
		"de l’utilisation et des machines présentes. Rien n’est commuté, aucune "
		"machine n’est prévenue : c’est un calcul."}},
	{"drill.doubtful", {"in doubt", "incertain"}},
	{"drill.go", {"Rehearse", "Simuler"}},
	{"drill.good", {
		"Everybody would go down in time.",
		"Toutes les machines s’éteindraient à temps."}},
	{"drill.grave", {
		"Something is wrong with the configuration: see below.",
		"La configuration comporte un défaut : voir ci-dessous."}},
	{"drill.log", {"Second by second", "Seconde par seconde"}},
	{"drill.machine", {"Machine", "Machine"}},
	{"drill.machines", {
		"Who goes down when, counted from the failure of the mains",
		"Qui s’éteint quand, compté depuis la coupure du secteur"}},
	{"drill.notes", {"Remarks", "Remarques"}},
	{"drill.off", {"Off after", "Éteinte après"}},
	{"drill.open", {"Rehearse an outage …", "Simuler une coupure …"}},
	{"drill.output.battery", {
		"{0}: the battery is empty after {1}.",
		"{0} : la batterie est vide après {1}."}},
	{"drill.output.cut", {
		"{0}: the output is cut after {1}, to come back with the mains.",
		"{0} : la sortie est coupée après {1}, et revient avec le secteur."}},
	{"drill.output.never", {
		"{0}: the output stays on for a day and longer.",
		"{0} : la sortie reste alimentée un jour et plus."}},
	{"drill.stays", {"stays on", "reste allumée"}},
	{"drill.title", {"Rehearse an outage", "Simuler une coupure"}},
	{"drill.told", {"Told after", "Prévenue après"}},
	{"drill.wrong", {"What is wrong", "Ce qui ne va pas"}},
	{"energy.estimated", {
		"Estimated from the load in percent: this UPS tells no watts.",
		"Estimée d’après l’utilisation en pour cent : cet onduleur n’indique pas "
		"de watts."}},
	{"energy.month", {"This month", "Ce mois"}},
	{"energy.title", {"Energy", "Énergie"}},
	{"energy.today", {"Today", "Aujourd’hui"}},
	{"energy.total", {"In all", "Au total"}},
	{"energy.unknown", {
		"No watt is known yet. Where a UPS tells none, ups.conf can name those of its "
		"full load: default.ups.realpower.nominal = 300.",
		"Aucun watt n’est encore connu. Si l’onduleur n’en indique pas, ups.conf peut "
		"donner ceux de sa pleine charge : default.ups.realpower.nominal = 300."}},
	{"energy.year", {"This year", "Cette année"}},
	{"error.ACCESS-DENIED", {
		"This account may not do that (see upsd.users).",
		"Ce compte n’en a pas le droit (voir upsd.users)."}},
	{"error.CMD-NOT-SUPPORTED", {
		"The UPS does not know this command.",
		"L’onduleur ne connaît pas cette commande."}},
	{"error.DATA-STALE", {"There is nothing recent at the moment.", "Rien de récent pour le moment."}},
	{"error.DRIVER-NOT-CONNECTED", {
		"The UPS is not connected.",
		"L’onduleur n’est pas connecté."}},
	{"error.GOING-DOWN", {
		"This machine goes down already: the forced shutdown stays.",
		"Cette machine s’arrête déjà : l’arrêt forcé est maintenu."}},
	{"error.INSTCMD-FAILED", {
		"The UPS did not do it.",
		"L’onduleur ne l’a pas fait."}},
	{"error.INVALID-ARGUMENT", {"This is not accepted.", "Cette valeur n’est pas acceptée."}},
	{"error.INVALID-VALUE", {
		"The UPS does not take this value.",
		"L’onduleur n’accepte pas cette valeur."}},
	{"error.READONLY", {
		"This variable cannot be set.",
		"Cette variable ne peut pas être modifiée."}},
	{"error.SET-FAILED", {
		"The UPS did not take the value.",
		"L’onduleur n’a pas pris la valeur."}},
	{"error.TOO-LONG", {
		"This text is too long for the UPS.",
		"Ce texte est trop long pour l’onduleur."}},
	{"error.UNKNOWN-UPS", {
		"There is no such UPS (any more).",
		"Cet onduleur n’existe pas (ou plus)."}},
	{"error.VAR-NOT-SUPPORTED", {
		"The UPS has no such variable.",
		"L’onduleur n’a pas cette variable."}},
	{"error.away", {
		"holdup does not answer. Is this device still in the network?",
		"holdup ne répond pas. Cet appareil est-il toujours sur le réseau ?"}},
	{"error.login", {"Log in first.", "Connectez-vous d’abord."}},
	{"error.unknown", {"It did not work (HTTP {0}).", "Échec (HTTP {0})."}},
	{"event.alarm", {"Alarm", "Alarme"}},
	{"event.back", {"UPS is heard again", "Onduleur de nouveau joint"}},
	{"event.boost", {"Voltage raised", "Tension relevée"}},
	{"event.bypass", {"Bypass", "Dérivation (bypass)"}},
	{"event.calibration", {"Calibration", "Étalonnage"}},
	{"event.clock", {"Clock was set", "Horloge réglée"}},
	{"event.deed", {"Action", "Action"}},
	{"event.fsd", {"Forced shutdown", "Arrêt forcé"}},
	{"event.learned", {"Battery learned", "Batterie évaluée"}},
	{"event.login", {"Logged in", "Connexion"}},
	{"event.logout", {"Logged out", "Déconnexion"}},
	{"event.lost", {"UPS is lost", "Onduleur perdu"}},
	{"event.lowbatt", {"Battery low", "Batterie faible"}},
	{"event.machine", {"Machine", "Machine"}},
	{"event.noalarm", {"Alarm over", "Fin d’alarme"}},
	{"event.none", {"Nothing has happened yet.", "Rien ne s’est encore passé."}},
	{"event.notbypass", {"Bypass over", "Fin de dérivation"}},
	{"event.notfsd", {"Forced shutdown forgotten", "Arrêt forcé oublié"}},
	{"event.notoff", {"Output on again", "Sortie rétablie"}},
	{"event.notoverload", {"Overload over", "Fin de surcharge"}},
	{"event.off", {"Output off", "Sortie coupée"}},
	{"event.onbatt", {"On battery", "Sur batterie"}},
	{"event.online", {"Mains is back", "Secteur rétabli"}},
	{"event.overload", {"Overload", "Surcharge"}},
	{"event.replace", {"Replace the battery", "Remplacer la batterie"}},
	{"event.sag", {"Undervoltage", "Sous-tension"}},
	{"event.stale", {"UPS does not answer", "Onduleur muet"}},
	{"event.start", {"Recording begun", "Enregistrement commencé"}},
	{"event.stop", {"Recording ended", "Enregistrement terminé"}},
	{"event.straight", {"Voltage passed as it is", "Tension transmise telle quelle"}},
	{"event.swell", {"Overvoltage", "Surtension"}},
	{"event.test", {"Battery test", "Test de batterie"}},
	{"event.tested", {"Battery test ended", "Test de batterie terminé"}},
	{"event.title", {"Last events", "Derniers événements"}},
	{"event.trim", {"Voltage lowered", "Tension abaissée"}},
	{"event.untested", {"Battery test put off", "Test de batterie reporté"}},
	{"figure.battery_voltage", {"Battery voltage", "Tension batterie"}},
	{"figure.charge", {"Charge", "Charge batterie"}},
	{"figure.health", {"Battery health", "Santé de la batterie"}},
	{"figure.load", {"Load", "Utilisation"}},
	{"figure.runtime", {"Runtime, reported", "Autonomie annoncée"}},
	{"figure.runtime_learned", {"Runtime, learned", "Autonomie observée"}},
	{"figure.temperature", {"Temperature", "Température"}},
	{"figure.watts", {"Power", "Puissance"}},
	{"figure.watts_estimated", {"Power, estimated", "Puissance estimée"}},
	{"flow.load", {"Load", "Appareils"}},
	{"flow.mains", {"Mains", "Secteur"}},
	{"flow.output", {"Output", "Sortie"}},
	{"flow.says.battery", {
		"The battery feeds the load: it takes {0} of what the UPS can give, the "
		"charge is {1}.",
		"La batterie alimente les appareils : utilisation {0}, charge {1}."}},
	{"flow.says.mains", {
		"The mains feeds the load through the UPS: it takes {0} of what the UPS "
		"can give, the battery’s charge is {1}.",
		"Le secteur alimente les appareils à travers l’onduleur : utilisation "
		"{0}, charge de la batterie {1}."}},
	{"flow.says.unknown", {
		"Nothing new is known of mains, UPS and load; the last load was {0}, the "
		"last charge {1}.",
		"État du secteur, de l’onduleur et des appareils inconnu ; dernière "
		"utilisation {0}, dernière charge {1}."}},
	{"flow.there", {"is there", "présent"}},
	{"forget.do", {"Forget the forced shutdown", "Oublier l’arrêt forcé"}},
	{"forget.does", {
		"The forced shutdown (FSD) of this UPS is taken back: machines that have "
		"not gone down yet stay on, and who logs in sees a UPS in order. What is "
		"shutting down already goes on doing so.",
		"L’arrêt forcé (FSD) de cet onduleur est retiré : les machines encore "
		"allumées le restent, et celles qui se connectent voient un onduleur en "
		"ordre. Les arrêts déjà commencés continuent."}},
	{"graph.chips", {"What is shown", "Ce qui est affiché"}},
	{"graph.choose", {
		"Choose what is to be shown.",
		"Choisissez ce qui doit être affiché."}},
	{"graph.hint", {
		"Move over the graph, or use the arrow keys, to read its values.",
		"Parcourez le graphique, ou utilisez les flèches du clavier, pour lire "
		"ses valeurs."}},
	{"graph.label", {"Values over time", "Valeurs dans le temps"}},
	{"graph.none_of", {"{0}: nothing is known.", "{0} : rien n’est connu."}},
	{"graph.nothing", {
		"Nothing has been recorded of this time yet.",
		"Rien n’a encore été enregistré pour cette période."}},
	{"graph.ranges", {"How far back", "Période"}},
	{"graph.summary", {
		"{0}: {1} to {2}, on average {3}.",
		"{0} : de {1} à {2}, en moyenne {3}."}},
	{"graph.title", {"Over time", "Dans le temps"}},
	{"graph.unknown", {"unknown", "inconnu"}},
	{"head.battery", {
		"On battery for {0}. About {1} are left.",
		"Sur batterie depuis {0}. Il reste environ {1}."}},
	{"head.good", {"The mains is there.", "Le secteur est présent."}},
	{"head.good.all", {
		"The mains is there, for every UPS.",
		"Le secteur est présent pour tous les onduleurs."}},
	{"head.low", {
		"On battery for {0}, and it is low: about {1} are left.",
		"Sur batterie depuis {0}, et elle est faible : il reste environ {1}."}},
	{"head.none", {"No UPS is known yet.", "Aucun onduleur n’est encore connu."}},
	{"head.starting", {
		"holdup is starting. What the UPSes say will be here in a moment.",
		"holdup démarre. L’état des onduleurs sera affiché dans un instant."}},
	{"head.unprotected", {
		"In an outage not everything would go down cleanly. A rehearsal says why.",
		"Lors d’une coupure, tout ne s’éteindrait pas proprement. Une simulation dit "
		"pourquoi."}},
	{"history.off", {
		"No history is kept (holdup.conf, [history]).",
		"Aucun historique n’est conservé (holdup.conf, [history])."}},
	{"link.gone", {"The connection to holdup is lost.", "La connexion à holdup est perdue."}},
	{"link.live", {"live", "en direct"}},
	{"link.login", {"Log in to see the state.", "Connectez-vous pour voir l’état."}},
	{"link.lost", {
		"Connection lost. What is shown is of {0} ago.",
		"Connexion perdue. L’état affiché date d’il y a {0}."}},
	{"link.wait", {"connecting …", "connexion …"}},
	{"login.go", {"Log in", "Se connecter"}},
	{"login.open", {"Log in", "Se connecter"}},
	{"login.out", {"Log out ({0})", "Quitter ({0})"}},
	{"login.password", {"Password", "Mot de passe"}},
	{"login.title", {"Log in", "Se connecter"}},
	{"login.user", {"Name", "Nom"}},
	{"login.why", {
		"With an account of upsd.users.",
		"Avec un compte de upsd.users."}},
	{"login.wrong", {"Name or password are not right.", "Nom ou mot de passe incorrect."}},
	{"machine.away", {"not there", "absente"}},
	{"machine.down", {"goes down after {0}", "s’éteint après {0}"}},
	{"machine.down_off", {
		"goes down after {0}, off after {1}",
		"s’éteint après {0}, éteinte à {1}"}},
	{"machine.never", {"stays on", "reste allumée"}},
	{"machine.none", {
		"No machine is known to hang on a UPS.",
		"Aucune machine n’est connue."}},
	{"machine.on", {"on {0}", "sur {0}"}},
	{"machine.order", {
		"In the order in which an outage that began now would take them down.",
		"Dans l’ordre où une coupure qui commencerait maintenant les éteindrait."}},
	{"machine.self", {"this machine", "cette machine"}},
	{"machine.title", {"Machines", "Machines"}},
	{"outage.calibration", {"Calibration", "Étalonnage"}},
	{"outage.lasts", {"still going on", "en cours"}},
	{"outage.more", {"Older ones", "Plus anciennes"}},
	{"outage.none", {"No outage has been recorded.", "Aucune coupure enregistrée."}},
	{"outage.outage", {"Outage", "Coupure"}},
	{"outage.test", {"Test", "Test"}},
	{"outage.title", {"Outages and tests", "Coupures et tests"}},
	{"outage.to", {"to {0}", "jusqu’à {0}"}},
	{"page.metrics", {"metrics", "métriques"}},
	{"page.noscript", {
		"This is the state at the moment shown; without JavaScript the page is "
		"loaded again every 15 seconds.",
		"Voici l’état au moment indiqué ; sans JavaScript, la page se recharge "
		"toutes les 15 secondes."}},
	{"page.of", {"As of {0}", "État du {0}"}},
	{"page.skip", {"To the content", "Aller au contenu"}},
	{"page.upses", {"UPSes", "Onduleurs"}},
	{"quality.boosts", {
		"Voltage raised by the UPS",
		"Tension relevée par l’onduleur"}},
	{"quality.outages", {"Outages", "Coupures"}},
	{"quality.sags", {"Undervoltages", "Sous-tensions"}},
	{"quality.swells", {"Overvoltages", "Surtensions"}},
	{"quality.title", {"Power quality, 30 days", "Qualité du secteur, 30 jours"}},
	{"quality.transfers", {"Transfers to battery", "Passages sur batterie"}},
	{"quality.trims", {
		"Voltage lowered by the UPS",
		"Tension abaissée par l’onduleur"}},
	{"quality.voltage", {"Mains voltage between", "Tension du secteur entre"}},
	{"range.1h", {"1 h", "1 h"}},
	{"range.1y", {"1 y", "1 an"}},
	{"range.24h", {"24 h", "24 h"}},
	{"range.30d", {"30 d", "30 j"}},
	{"range.6h", {"6 h", "6 h"}},
	{"range.7d", {"7 d", "7 j"}},
	{"report.began", {"Began", "Début"}},
	{"report.charge", {"Charge", "Charge"}},
	{"report.ended", {"Ended", "Fin"}},
	{"report.energy", {"Taken from the battery", "Énergie tirée de la batterie"}},
	{"report.events", {"What happened", "Ce qui s’est passé"}},
	{"report.incomplete", {
		"Nobody saw its end: what is shown is what was known last.",
		"Personne n’en a vu la fin : voici ce qu’on savait en dernier."}},
	{"report.length", {"Length", "Durée"}},
	{"report.load", {"Load, on average", "Utilisation moyenne"}},
	{"report.minutes", {"Minute by minute", "Minute par minute"}},
	{"report.time", {"Time", "Heure"}},
	{"report.title", {"Report of an outage", "Rapport de coupure"}},
	{"report.voltage_low", {"Lowest battery voltage", "Tension batterie minimale"}},
	{"set.does", {
		"{0} will be set from “{1}” to “{2}”.",
		"{0} passera de « {1} » à « {2} »."}},
	{"set.go", {"Set", "Régler"}},
	{"set.range", {"{0} to {1}", "de {0} à {1}"}},
	{"set.title", {"Settings", "Réglages"}},
	{"stands.leaving", {"is going down", "s’arrête"}},
	{"stands.off", {"off", "éteinte"}},
	{"stands.on", {"on", "allumée"}},
	{"stands.told", {"told to go down", "prévenue de s’arrêter"}},
	{"stands.waking", {"being woken", "en cours de réveil"}},
	{"status.alarm", {"alarm", "alarme"}},
	{"status.battery", {"on battery", "sur batterie"}},
	{"status.boost", {"voltage is raised", "tension relevée"}},
	{"status.bypass", {"on bypass, not protected", "en dérivation, non protégé"}},
	{"status.calibrating", {"calibrating", "étalonnage"}},
	{"status.charging", {"battery is charging", "batterie en charge"}},
	{"status.discharging", {"battery is discharging", "batterie en décharge"}},
	{"status.eco", {"economy mode", "mode économique"}},
	{"status.fsd", {"shutdown ordered", "arrêt ordonné"}},
	{"status.lost", {"UPS is not reached", "onduleur injoignable"}},
	{"status.low", {"battery low", "batterie faible"}},
	{"status.mains", {"on mains", "sur secteur"}},
	{"status.off", {"output is off", "sortie coupée"}},
	{"status.overcharged", {"battery is overcharged", "batterie surchargée"}},
	{"status.overload", {"overloaded", "surcharge"}},
	{"status.replace", {"replace the battery", "batterie à remplacer"}},
	{"status.since", {"since {0} ({1})", "depuis {0} ({1})"}},
	{"status.stale", {"UPS does not answer", "l’onduleur ne répond pas"}},
	{"status.test", {"battery test", "test de batterie"}},
	{"status.trim", {"voltage is lowered", "tension abaissée"}},
	{"status.waiting", {"waiting for the UPS", "en attente de l’onduleur"}},
	{"unit.day", {"d", "j"}},
	{"ups.details", {"Show details", "Afficher le détail"}},
	{"var.battery.charge", {"Charge", "Charge batterie"}},
	{"var.battery.charge.low", {
		"Charge that counts as low (%)",
		"Charge considérée comme faible (%)"}},
	{"var.battery.charge.warning", {
		"Charge at which it warns (%)",
		"Charge d’avertissement (%)"}},
	{"var.battery.date", {"Date of the battery", "Date de la batterie"}},
	{"var.battery.mfr.date", {"Date of the battery", "Date de la batterie"}},
	{"var.battery.runtime", {"Runtime", "Autonomie"}},
	{"var.battery.runtime.low", {
		"Runtime that counts as low (s)",
		"Autonomie considérée comme faible (s)"}},
	{"var.battery.temperature", {"Battery temperature", "Température batterie"}},
	{"var.battery.voltage", {"Battery voltage", "Tension batterie"}},
	{"var.input.frequency", {"Mains frequency", "Fréquence secteur"}},
	{"var.input.sensitivity", {"Sensitivity to the mains", "Sensibilité au secteur"}},
	{"var.input.transfer.high", {
		"Goes to battery above (V)",
		"Passe sur batterie au-dessus de (V)"}},
	{"var.input.transfer.low", {
		"Goes to battery below (V)",
		"Passe sur batterie au-dessous de (V)"}},
	{"var.input.voltage", {"Mains voltage", "Tension secteur"}},
	{"var.output.voltage", {"Output voltage", "Tension de sortie"}},
	{"var.output.voltage.nominal", {
		"Nominal output voltage (V)",
		"Tension de sortie nominale (V)"}},
	{"var.ups.beeper.status", {"Beeper", "Alarme sonore"}},
	{"var.ups.delay.shutdown", {
		"Delay before the output goes off (s)",
		"Délai avant coupure de la sortie (s)"}},
	{"var.ups.delay.start", {
		"Delay before the output comes back (s)",
		"Délai avant rétablissement de la sortie (s)"}},
	{"var.ups.id", {"Name kept in the UPS", "Nom enregistré dans l’onduleur"}},
	{"var.ups.load", {"Load", "Utilisation"}},
	{"var.ups.realpower", {"Power", "Puissance"}},
	{"var.ups.temperature", {"UPS temperature", "Température onduleur"}},
};
/* clang-format on */

const size_t lang_nrows = sizeof(lang_rows) / sizeof(lang_rows[0]);

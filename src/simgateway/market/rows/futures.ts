// Roots of futures. Columns: symbol | trading class | exchange | currency | spot | multiplier | price
// magnifier | increment | months | listed | expiry rule | carry (ppm a year) | liquidity | calendar |
// forces | name. Order matters: a root's place is part of its contracts' ids, so add at the end.
// Increments below a millionth cannot be held: 6J trades in 0.000001, ZF and ZT in half 32nds.

const QUARTERS = 'HMUZ';
const ALL = 'FGHJKMNQUVXZ';

/** One root per line. */
export const FUTURE_ROWS = `
ES|ES|CME|USD|5738.00|50|1|0.25|${QUARTERS}|5|third-friday|38000|1|GLOBEX|US:1|E-mini S&P 500
NQ|NQ|CME|USD|20060.00|20|1|0.25|${QUARTERS}|5|third-friday|41000|1|GLOBEX|US:1 TECH:0.5|E-mini NASDAQ 100
MES|MES|CME|USD|5738.00|5|1|0.25|${QUARTERS}|5|third-friday|38000|1|GLOBEX|US:1|Micro E-mini S&P 500
MNQ|MNQ|CME|USD|20060.00|2|1|0.25|${QUARTERS}|5|third-friday|41000|1|GLOBEX|US:1 TECH:0.5|Micro E-mini NASDAQ 100
YM|YM|CBOT|USD|42313.00|5|1|1|${QUARTERS}|4|third-friday|30000|2|GLOBEX|US:0.9 FINANCE:0.2|E-mini Dow Jones
MYM|MYM|CBOT|USD|42313.00|0.5|1|1|${QUARTERS}|4|third-friday|30000|2|GLOBEX|US:0.9 FINANCE:0.2|Micro E-mini Dow Jones
RTY|RTY|CME|USD|2224.00|50|1|0.1|${QUARTERS}|4|third-friday|36000|2|GLOBEX|US:1 SMALL:0.7|E-mini Russell 2000
M2K|M2K|CME|USD|2224.00|5|1|0.1|${QUARTERS}|4|third-friday|36000|2|GLOBEX|US:1 SMALL:0.7|Micro E-mini Russell 2000
CL|CL|NYMEX|USD|71.20|1000|1|0.01|${ALL}|12|crude|-20000|1|GLOBEX|OIL:1|Light Sweet Crude Oil
MCL|MCL|NYMEX|USD|71.20|100|1|0.01|${ALL}|12|crude|-20000|2|GLOBEX|OIL:1|Micro WTI Crude Oil
NG|NG|NYMEX|USD|2.640|10000|1|0.001|${ALL}|12|gas|60000|2|GLOBEX|GAS:1|Henry Hub Natural Gas
RB|RB|NYMEX|USD|2.0100|42000|1|0.0001|${ALL}|8|products|-10000|3|GLOBEX|OIL:0.9 own:0.3|RBOB Gasoline
HO|HO|NYMEX|USD|2.1900|42000|1|0.0001|${ALL}|8|products|-10000|3|GLOBEX|OIL:0.9 own:0.3|NY Harbor ULSD
GC|GC|COMEX|USD|2635.00|100|1|0.1|GJMQVZ|8|metals|45000|1|GLOBEX|GOLD:1|Gold
MGC|MGC|COMEX|USD|2635.00|10|1|0.1|GJMQVZ|8|metals|45000|2|GLOBEX|GOLD:1|E-Micro Gold
SI|SI|COMEX|USD|31.20|5000|1|0.005|HKNUZ|6|metals|45000|2|GLOBEX|GOLD:1.6 own:0.3|Silver
SIL|SIL|COMEX|USD|31.20|1000|1|0.005|HKNUZ|6|metals|45000|3|GLOBEX|GOLD:1.6 own:0.3|1000-ounce Silver
HG|HG|COMEX|USD|4.4500|25000|1|0.0005|HKNUZ|6|metals|30000|2|GLOBEX|ASIA:0.6 own:0.5|Copper
PL|PL|NYMEX|USD|985.0|50|1|0.1|FJNV|4|metals|30000|3|GLOBEX|GOLD:1 own:0.6|Platinum
ZN|ZN|CBOT|USD|113.500|1000|1|0.015625|${QUARTERS}|3|notes|-5000|1|GLOBEX|RATES:1|10 Year US Treasury Note
ZB|ZB|CBOT|USD|122.500|1000|1|0.03125|${QUARTERS}|3|notes|-5000|1|GLOBEX|RATES:2|30 Year US Treasury Bond
ZF|ZF|CBOT|USD|109.500|1000|1|0.015625|${QUARTERS}|3|month-end|-5000|1|GLOBEX|RATES:0.6|5 Year US Treasury Note
ZT|ZT|CBOT|USD|104.000|2000|1|0.015625|${QUARTERS}|3|month-end|-5000|1|GLOBEX|RATES:0.25|2 Year US Treasury Note
UB|UB|CBOT|USD|131.500|1000|1|0.03125|${QUARTERS}|3|notes|-5000|2|GLOBEX|RATES:2.8|Ultra US Treasury Bond
EUR|6E|CME|USD|1.08500|125000|1|0.00005|${QUARTERS}|4|before-third-wednesday|18000|1|GLOBEX|EUR:1|European Monetary Union Euro
JPY|6J|CME|USD|0.006600|12500000|1|0.000001|${QUARTERS}|4|before-third-wednesday|45000|1|GLOBEX|JPY:1|Japanese Yen
GBP|6B|CME|USD|1.2700|62500|1|0.0001|${QUARTERS}|4|before-third-wednesday|2000|2|GLOBEX|GBP:1|British Pound
AUD|6A|CME|USD|0.66000|100000|1|0.00005|${QUARTERS}|4|before-third-wednesday|5000|2|GLOBEX|AUD:1|Australian Dollar
CAD|6C|CME|USD|0.72500|100000|1|0.00005|${QUARTERS}|4|before-third-wednesday|10000|2|GLOBEX|CAD:1|Canadian Dollar
CHF|6S|CME|USD|1.13000|125000|1|0.00005|${QUARTERS}|4|before-third-wednesday|38000|2|GLOBEX|CHF:1|Swiss Franc
M6E|M6E|CME|USD|1.08500|12500|1|0.0001|${QUARTERS}|4|before-third-wednesday|18000|2|GLOBEX|EUR:1|E-Micro EUR/USD
ZC|ZC|CBOT|USD|418.00|5000|100|0.25|HKNUZ|6|grains|40000|2|CBOT-GRAIN|GRAIN:1|Corn Futures
ZS|ZS|CBOT|USD|1010.00|5000|100|0.25|FHKNQUX|7|grains|30000|2|CBOT-GRAIN|GRAIN:0.9 own:0.2|Soybean Futures
ZW|ZW|CBOT|USD|575.00|5000|100|0.25|HKNUZ|6|grains|40000|2|CBOT-GRAIN|GRAIN:1.1 own:0.3|Wheat Futures
BRR|BTC|CME|USD|63400|5|1|5|${ALL}|6|last-friday|90000|2|GLOBEX|COIN:1|CME CF Bitcoin Reference Rate
MBT|MBT|CME|USD|63400|0.1|1|5|${ALL}|6|last-friday|90000|2|GLOBEX|COIN:1|Micro Bitcoin
VIX|VX|CFE|USD|17.50|1000|1|0.05|${ALL}|8|volatility|80000|2|GLOBEX|US:-2.5 own:0.5|CBOE Volatility Index
`;

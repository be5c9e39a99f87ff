import type { Dialect } from './dialects.ts'

const words = (text: string): string[] => text.trim().split(/\s+/)

/** Known to all, or to most, and the same in each: they look at their arguments and at nothing else. */
const common = words(`
  abs acos asin atan atan2 avg ceil ceiling coalesce concat concat_ws cos cot count cume_dist degrees dense_rank exp first_value
  floor lag last_value lead left length ln log log10 lower ltrim max min mod nth_value ntile nullif percent_rank pi power radians
  rank replace reverse right round row_number rtrim sign sin sqrt stddev substring sum tan trim upper variance cast greatest least
`)

const own: Record<Dialect, string[]> = {
  postgresql: words(`
    age array_agg array_append array_cat array_length array_lower array_ndims array_position array_positions array_prepend
    array_remove array_replace array_to_json array_to_string array_upper ascii bit_and bit_length bit_or bool_and bool_or btrim
    cardinality cbrt char_length character_length chr clock_timestamp corr covar_pop covar_samp date_bin date_part date_trunc
    decode div encode every extract factorial format gcd generate_series generate_subscripts grouping initcap isfinite
    json_agg json_array_elements json_array_elements_text json_array_length json_build_array json_build_object json_each
    json_each_text json_extract_path json_extract_path_text json_object json_object_agg json_object_keys json_strip_nulls
    json_typeof jsonb_agg jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array
    jsonb_build_object jsonb_each jsonb_each_text jsonb_extract_path jsonb_extract_path_text jsonb_object jsonb_object_agg
    jsonb_object_keys jsonb_pretty jsonb_set jsonb_insert jsonb_strip_nulls jsonb_typeof jsonb_path_exists jsonb_path_query
    jsonb_path_query_array jsonb_path_query_first justify_days justify_hours justify_interval lcm lpad make_date make_interval
    make_time make_timestamp make_timestamptz md5 mode now num_nonnulls num_nulls octet_length overlay percentile_cont
    percentile_disc plainto_tsquery phraseto_tsquery position quote_ident quote_literal quote_nullable regexp_count
    regexp_instr regexp_like regexp_match regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table
    regexp_substr regr_intercept regr_r2 regr_slope row_to_json rpad scale sha224 sha256 sha384 sha512 split_part
    starts_with statement_timestamp stddev_pop stddev_samp string_agg string_to_array string_to_table strpos substr
    timeofday timezone to_ascii to_char to_date to_hex to_json to_jsonb to_number to_timestamp to_tsquery to_tsvector
    transaction_timestamp translate trunc ts_headline ts_rank ts_rank_cd unnest upper_inf lower_inf isempty var_pop var_samp
    websearch_to_tsquery width_bucket to_regclass gen_random_uuid random version current_database current_schema
    pg_table_size pg_total_relation_size pg_relation_size pg_size_pretty pg_typeof format_type
    date time timestamp timestamptz int4 int8 int2 float4 float8 numeric text varchar bool date_add date_subtract
  `),
  mysql: words(`
    adddate addtime any_value ascii bin bit_and bit_count bit_or bit_xor char char_length character_length conv convert
    convert_tz crc32 curdate current_date current_time current_timestamp curtime date date_add date_format date_sub datediff
    day dayname dayofmonth dayofweek dayofyear elt export_set extract field find_in_set format from_base64 from_days
    from_unixtime group_concat grouping hex hour if ifnull inet_aton inet_ntoa instr isnull json_array
    json_arrayagg json_contains json_contains_path json_depth json_extract json_keys json_length json_merge_patch json_object
    json_objectagg json_overlaps json_pretty json_quote json_search json_set json_remove json_replace json_type json_unquote
    json_valid json_value last_day lcase localtime localtimestamp locate log2 lpad makedate maketime md5 microsecond mid minute
    month monthname now oct octet_length ord period_add period_diff position pow quarter quote rand regexp_instr regexp_like
    regexp_replace regexp_substr rpad sec_to_time second sha1 sha2 soundex std stddev_pop stddev_samp str_to_date strcmp
    subdate substr substring_index subtime sysdate time time_format time_to_sec timediff timestamp timestampadd timestampdiff
    to_base64 to_days to_seconds truncate ucase unhex unix_timestamp utc_date utc_time utc_timestamp uuid var_pop var_samp
    version database schema week weekday weekofyear weight_string year yearweek match values
  `),
  sqlite: words(`
    acosh asinh atanh char cosh date datetime group_concat glob hex ifnull iif instr json json_array
    json_array_length json_each json_error_position json_extract json_group_array json_group_object json_insert json_object
    json_patch json_pretty json_quote json_remove json_replace json_set json_tree json_type json_valid julianday like
    likelihood likely unlikely log2 octet_length pow quote random sinh soundex sqlite_version strftime string_agg substr tanh
    time timediff total trunc typeof unhex unicode unixepoch bm25 highlight snippet
  `),
  tsql: words(`
    approx_count_distinct ascii atn2 binary_checksum char charindex checksum choose convert count_big current_timestamp datalength
    dateadd datediff datediff_big datefromparts datename datepart datetime2fromparts datetimefromparts datetimeoffsetfromparts
    datetrunc day db_name difference eomonth format getdate getutcdate grouping grouping_id hashbytes iif isdate isjson isnull
    isnumeric json_array json_object json_query json_value len log2 month nchar newid object_name openjson parse parsename patindex
    percentile_cont percentile_disc quotename rand rtrim schema_name square stdev stdevp str string_agg string_escape
    string_split stuff switchoffset sysdatetime sysdatetimeoffset sysutcdatetime timefromparts todatetimeoffset translate
    try_cast try_convert try_parse unicode var varp year
  `),
}

/** The functions that SQL under bounds may call: those of the database that neither change, reach nor read anything by themselves. */
export const functions: Record<Dialect, ReadonlySet<string>> = {
  postgresql: new Set([...common, ...own.postgresql]),
  mysql: new Set([...common, ...own.mysql]),
  sqlite: new Set([...common, ...own.sqlite]),
  tsql: new Set([...common, ...own.tsql]),
}

/** Words that a bracket may follow although they call nothing. */
export const beforeBracket: ReadonlySet<string> = new Set(
  words(`
    select distinct all any some exists in not and or xor is like ilike between regexp rlike escape case when then else end
    from join on using where group by having order limit offset fetch first next top union except intersect values row with as
    over partition filter within materialized lateral apply cube rollup sets pivot unpivot window interval div mod collate
    recursive
    use force ignore index key against for
    varchar nvarchar char nchar character varying varbinary binary decimal numeric dec float real double precision bit
    datetime2 datetimeoffset time timestamp datetime signed unsigned text int integer bigint smallint tinyint
  `),
)

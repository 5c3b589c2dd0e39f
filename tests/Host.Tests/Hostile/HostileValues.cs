namespace Actors.Host.Tests.Hostile;

/// <summary>Values that a setting may get from a user who errs, or means harm.</summary>
internal static class HostileValues
{
    private static readonly string[] Any =
    [
        "-1", "0", "1", "2", "3", "NaN", "Infinity", "-0", "+1", "1.5", "1e9", "1e309", "0x10", "1_000", "\u0663",
        "2147483647", "2147483648", "-2147483648", "4294967296", "9223372036854775807", "-9223372036854775808",
        "99999999999999999999999", "null", "on", "off", "true", "yes", "perhaps", "auto", "infinite", "none",
        "20parsecs", "8Kib", "1 MiB", "1.5MiB", "0B", "17EiB", "-5s", "0s", "1us", "1ms", "25h", "999999999999s",
        "[]", "{}", "[1, 2]", "{ a = 1 }", "[[[]]]", "\"\"", "\" \"", "\"\\u001b[31mred\"", "\"\\u0007\"", "\"a\\nb\"",
        "\"\\u202e\"", "${scenario.files}", "${?nothing}", "${nothing}", "${scenario}", "\"\"\"three\"\"\"", "'single'",
        "available", "sync", "[sync, thread-pool]", "[nosuch]", "[sync, sync]", "io-uring", "write", "read", "mixed",
        "line", "block", "random", "\uD83D\uDE00", "%s%n", "$(reboot)", "`reboot`", "; rm x", "a b c",
    ];

    private static readonly string[] FileNames =
    [
        "{file}", "{file}.txt", "d/{file}", "d/e/f/{file}", "{file}/{file}", "../{file}", "/tmp/{file}",
        "d/../../{file}",
        "./{file}", "{file}/.", "{file}/..", "d//{file}", "{file}/", "/{file}", "{file}\\\\..", "c:{file}", "~/{file}",
        "fixed", "{line}", "{file", "file}", "{{file}}", "{}", "{file}\\u0000", "{file}\\n", "{file}\\u001b[2J",
        "\\u202e{file}", " {file} ", "{file}.", "...", "..{file}", "-{file}", "--force{file}", ".actors-run.json",
        "{file}.actors-run.json", "con{file}", "{file}:stream", "\uD83D\uDE00{file}", "e\u0301{file}", "*{file}?",
        "{file}{file}{file}{file}", "0{file}", "{file}0",
    ];

    /// <summary>A value of any kind, in HOCON.</summary>
    public static string Next(Random random) => random.Next(40) switch
    {
        0 => $"\"{new string('x', random.Next(1, 5000))}\"",
        1 => $"\"{new string('/', random.Next(1, 300))}\"",
        2 => string.Concat(Enumerable.Repeat("[", random.Next(1, 200))),
        3 => string.Concat(Enumerable.Repeat("{a=", random.Next(1, 200))),
        4 => random.NextInt64(long.MinValue, long.MaxValue).ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => random.Pick(Any),
    };

    /// <summary>A template of file names, in HOCON.</summary>
    public static string NextFileName(Random random) => random.Next(12) switch
    {
        0 => $"\"{new string('n', random.Next(240, 270))}{{file}}\"",
        1 => $"\"{string.Concat(Enumerable.Repeat("d/", random.Next(10, 2500)))}{{file}}\"",
        _ => $"\"{random.Pick(FileNames)}\"",
    };
}

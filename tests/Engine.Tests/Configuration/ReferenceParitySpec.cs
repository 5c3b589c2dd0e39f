using System.Reflection;
using Actors.Engine.Configuration;
using Akka.Configuration;
using Akka.Configuration.Hocon;
using Xunit;

namespace Actors.Engine.Tests.Configuration;

/// <summary>
/// reference.conf and the settings records agree: the same keys in both, each key explained, each read into the
/// property of its name, and the limits in the comments are those that are enforced.
/// </summary>
public sealed class ReferenceParitySpec
{
    // Key; the first and the last legal value (or all names); values just outside, and other faults.
    private static readonly (string Key, string[] Legal, string[] Illegal)[] Limits =
    [
        ("backend-name", ["io-uring", "linux-aio", "thread-pool", "sync", "sync-thread", "auto"], ["uring", "Sync"]),
        ("shards", ["1", "1024", "auto"], ["0", "1025", "many"]),
        ("event-loop.throughput", ["1", "100000"], ["0", "100001"]),
        ("event-loop.spin", ["0", "1ms"], ["1001us", "20", "-1us"]),
        ("coordinator.open-files-max", ["1", "2147483647", "auto"], ["0", "infinite"]),
        ("coordinator.descriptor-reserve", ["16", "65536"], ["15", "65537"]),
        ("coordinator.open-queue-timeout", ["1ms", "24h", "infinite"], ["999us", "25h", "0"]),
        ("coordinator.placement-run", ["1", "1024"], ["0", "1025"]),
        ("coordinator.drain-timeout", ["0", "24h"], ["infinite", "25h"]),
        ("file.queue-messages", ["1", "1048576"], ["0", "1048577", "1k"]),
        ("file.queue-bytes", ["1", "2047MiB"], ["0", "2GiB", "1Kb"]),
        ("file.credit-messages", ["1", "1048576"], ["0", "1048577"]),
        ("file.credit-bytes", ["1", "2047MiB"], ["0", "2GiB"]),
        ("file.credit-bytes-total", ["auto", "1MiB", "1TiB"], ["1023KiB", "1025GiB"]),
        ("file.in-flight", ["1", "32768"], ["0", "32769"]),
        ("file.operation-timeout", ["1ms", "24h", "infinite"], ["999us", "25h"]),
        ("writer.coalesce", ["off", "on"], ["1", "auto"]),
        ("writer.acknowledge", ["each", "cumulative"], ["Each", "all"]),
        ("writer.durability", ["data-sync", "sync", "none"], ["datasync", "off"]),
        ("writer.buffer-size", ["4KiB", "1MiB"], ["2KiB", "2MiB", "12KiB", "8KB"]),
        ("reader.chunk-size", ["4KiB", "16MiB"], ["2KiB", "32MiB", "96KiB"]),
        ("reader.line-size-max", ["4KiB", "64MiB"], ["4095", "65MiB"]),
        ("reader.whole-file-max", ["1", "2047MiB"], ["0", "2GiB"]),
        ("buffers.size-max", ["auto", "16KiB", "1TiB"], ["15KiB", "1025GiB"]),
        ("backend.in-flight", ["1", "32768"], ["0", "32769"]),
        ("backend.queue-messages", ["16", "1048576"], ["15", "1048577"]),
        ("backend.auto.inline-transfer-max", ["0", "1MiB"], ["1025KiB", "-1"]),
        ("backend.auto.inline-turn-max", ["0", "64MiB"], ["65MiB", "-1"]),
        ("backend.io-uring.depth", ["1", "32768"], ["0", "65536", "100"]),
        ("backend.io-uring.workers-max", ["0", "1024"], ["-1", "1025"]),
        ("backend.linux-aio.depth", ["1", "32768"], ["0", "32769"]),
        ("backend.linux-aio.allow-buffered", ["on", "off"], ["maybe"]),
        ("backend.thread-pool.workers", ["1", "256", "auto"], ["0", "257"]),
        ("backend.sync-thread.threads-max", ["1", "1024"], ["0", "1025"]),
        ("metrics.interval", ["10ms", "1h"], ["9ms", "61m"]),
        ("metrics.sample-every", ["1", "65536"], ["0", "65537"]),
        ("metrics.heap-interval", ["1ms", "1h"], ["999us", "61m"]),
    ];

    // Limits that the comments give by the key that they depend on, or not at all: the largest int.
    private static readonly (string Key, string Limit)[] ByAnotherKey =
    [
        ("coordinator.open-files-max", "2147483647"),
        ("file.credit-messages", "1048576"),
        ("file.credit-bytes", "2047MiB"),
        ("file.in-flight", "32768"),
        ("reader.line-size-max", "4KiB"),
    ];

    public static TheoryData<string> Keys => [.. Limits.Select(limit => limit.Key)];

    [Fact]
    public void Every_key_has_a_property_and_every_property_a_key() =>
        Assert.Equal(PropertyPaths(typeof(EngineSettings), "").Order(), LeafPaths(ReferenceEngine, "").Order());

    [Fact]
    public void Every_key_is_in_the_table_of_limits() =>
        Assert.Equal(LeafPaths(ReferenceEngine, "").Order(), Limits.Select(limit => limit.Key).Order());

    [Fact]
    public void Every_key_is_explained_above_it()
    {
        var lines = ReferenceText.Read().Split('\n');
        var unexplained = LeafPaths(ReferenceEngine, "")
            .Select(path => HoconSource.Parse(ReferenceText.Read(), "r").PositionOf($"actors.engine.{path}")!)
            .Where(position => !lines[int.Parse(position.Split(':')[1]) - 2].TrimStart().StartsWith('#'));
        Assert.Empty(unexplained);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_legal_value_is_read_into_its_own_property(string key)
    {
        foreach (var value in Limits.Single(limit => limit.Key == key).Legal)
        {
            var before = Properties(ReadUnnested(""), "");
            var after = Properties(ReadUnnested($"{key} = {value}"), "");
            var changed = after.Keys.Where(property => !Equals(after[property], before[property]));
            Assert.Equal(value == DefaultOf(key) ? [] : [key], changed);
        }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void An_illegal_value_is_refused_by_its_full_path(string key)
    {
        foreach (var value in Limits.Single(limit => limit.Key == key).Illegal)
        {
            var config = HoconSource.Parse($"actors.engine.{key} = {value}", "my.conf").Config;
            var fault = Assert.Throws<FileEngineConfigurationException>(() => EngineSettings.Create(config));
            var expected = $"actors.engine.{key} = {value} (my.conf:1:1): must be ";
            Assert.StartsWith(expected, fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_limits_are_those_of_the_comments()
    {
        var lines = ReferenceText.Read().Split('\n');
        foreach (var (key, legal, _) in Limits.Where(limit => char.IsDigit(limit.Legal[0][0])))
        {
            var comment = CommentAbove(lines, key);
            foreach (var limit in legal.Take(2).Where(limit => !ByAnotherKey.Contains((key, limit))))
                Assert.Contains($" {limit}", comment, StringComparison.Ordinal);
        }
    }

    private static HoconObject ReferenceEngine => EngineSettings.ReferenceConfig.GetValue("actors.engine").GetObject();

    private static string DefaultOf(string key) => EngineSettings.ReferenceConfig.GetString($"actors.engine.{key}");

    // Without the check of limits that lie inside one another, so that each can be tried on its own.
    private static EngineSettings ReadUnnested(string setting)
    {
        var config = HoconSource.Parse($"actors.engine {{ {setting} }}", "my.conf").Config;
        config = config.WithFallback(EngineSettings.ReferenceConfig);
        return EngineSettings.Read(new ConfigReader(config, "actors.engine"));
    }

    private static string CommentAbove(string[] lines, string key)
    {
        var position = HoconSource.Parse(ReferenceText.Read(), "r").PositionOf($"actors.engine.{key}")!;
        var above = lines.Take(int.Parse(position.Split(':')[1]) - 1).Reverse();
        var comment = above.TakeWhile(line => line.TrimStart().StartsWith('#')).Reverse();
        return string.Join(" ", comment.Select(line => line.TrimStart().TrimStart('#')));
    }

    private static IEnumerable<string> LeafPaths(HoconObject section, string path) => section.Items.SelectMany(item =>
        item.Value.GetObject() is { } inner ? LeafPaths(inner, $"{path}{item.Key}.") : [path + item.Key]);

    private static IEnumerable<string> PropertyPaths(Type record, string path) => Settings(record)
        .SelectMany(property => IsSection(property.PropertyType)
            ? PropertyPaths(property.PropertyType, $"{path}{KebabCase.Of(property.Name)}.")
            : [path + KebabCase.Of(property.Name)]);

    private static Dictionary<string, object?> Properties(object record, string path) => Settings(record.GetType())
        .SelectMany(IEnumerable<KeyValuePair<string, object?>> (property) => IsSection(property.PropertyType)
            ? Properties(property.GetValue(record)!, $"{path}{KebabCase.Of(property.Name)}.")
            : [KeyValuePair.Create(path + KebabCase.Of(property.Name), property.GetValue(record))])
        .ToDictionary();

    private static IEnumerable<PropertyInfo> Settings(Type record) =>
        record.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    private static bool IsSection(Type type) => type.Namespace == typeof(EngineSettings).Namespace;
}

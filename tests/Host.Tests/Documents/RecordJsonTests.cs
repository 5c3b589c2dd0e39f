using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Actors.Host.Documents;

namespace Actors.Host.Tests.Documents;

public sealed class RecordJsonTests
{
    private enum Shape
    {
        VeryLong,
    }

    [Fact]
    public void A_record_is_written_with_its_properties_in_order()
    {
        var sample = new Sample(1, long.MinValue, 0.5, true, "é\n", Shape.VeryLong, null)
        {
            When = DateTimeOffset.UnixEpoch,
            Inner = new Inner(["a", "b"], new Dictionary<string, string> { ["Kept as it is"] = "x" }),
        };

        const string expected = """
            {
              "count": 1,
              "large": -9223372036854775808,
              "share": 0.5,
              "flag": true,
              "someText": "é\n",
              "shape": "very-long",
              "absent": null,
              "when": "1970-01-01T00:00:00+00:00",
              "inner": {
                "items": [
                  "a",
                  "b"
                ],
                "map": {
                  "Kept as it is": "x"
                }
              },
              "length": "00:00:02"
            }
            """;
        Assert.Equal(expected, RecordJson.Documents.Text(sample), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void A_style_names_keys_and_writes_durations()
    {
        var style = new RecordJson(JsonNamingPolicy.KebabCaseLower, duration => $"{duration.TotalSeconds}s");

        var tree = style.Tree(new Sample(1, 2, 3, false, "", Shape.VeryLong, null));

        Assert.Equal("2s", (string?)tree["length"]);
        Assert.True(tree.ContainsKey("some-text"));
        Assert.IsType<JsonObject>(style.Tree(new Inner([], new Dictionary<string, string>()))["map"]);
    }

    private sealed record Sample(
        int Count, long Large, double Share, bool Flag, string SomeText, Shape Shape, bool? Absent)
    {
        public DateTimeOffset When { get; init; }

        public Inner? Inner { get; init; }

        public TimeSpan Length => TimeSpan.FromSeconds(2);

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Unset => null;

        [JsonIgnore]
        public int Hidden => 1;
    }

    private sealed record Inner(IReadOnlyList<string> Items, IReadOnlyDictionary<string, string> Map);
}

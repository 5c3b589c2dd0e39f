using System.Text;
using System.Text.Json.Nodes;

namespace Actors.Host.Tests.Hostile;

/// <summary>Changes manifests: their values one by one, which leaves them JSON, or their text.</summary>
internal sealed class ManifestMutator(Random random)
{
    private static readonly string[] Values =
    [
        "null", "true", "-1", "0", "1", "2147483647", "2147483648", "9223372036854775807", "-9223372036854775808",
        "1e400", "1.5", "1000000", "[]", "{}", "[[]]", "[1]", "\"\"", "\"..\"", "\"../../x\"", "\"/tmp/x\"", "\"a/b\"",
        "\"{file}\"", "\"{line}\"", "\"{\"", "\"\\u0000\"", "\"\\u001b[2J\"", "\"half a pair\"", "\"line\"",
        "\"block\"",
        "\"read\"", "\"mixed\"", "\"running\"", "\"17\"", "\"99999999999.00:00:00\"", "\"00:00:01\"", "\"random\"",
        "\"0001-01-01T00:00:00\"", "\"9999-12-31T23:59:59.9999999-14:00\"", "\"actors.run/2\"", "\"{line}{line}\"",
    ];

    /// <summary>The next.</summary>
    public byte[] Next(string manifest)
    {
        if (random.OnceIn(3))
        {
            return new TextMutator(random).Next(manifest);
        }

        var tree = JsonNode.Parse(manifest)!;
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            Change(tree);
        }

        // Which no tree can hold.
        return Encoding.UTF8.GetBytes(
            tree.ToJsonString().Replace("half a pair", "\\ud800", StringComparison.Ordinal));
    }

    private void Change(JsonNode tree)
    {
        var places = Places(tree).ToList();
        var (parent, key, index) = random.Pick(places);
        var value = random.OnceIn(20) ? Deep() : JsonNode.Parse(random.Pick(Values));
        switch (parent)
        {
            case JsonObject section when random.OnceIn(6):
                section.Remove(key!);
                break;
            case JsonObject section:
                section[key!] = value;
                break;
            case JsonArray list when random.OnceIn(3):
                list.Add(list[index]!.DeepClone());
                break;
            case JsonArray list:
                list[index] = value;
                break;
        }
    }

    private JsonNode Deep()
    {
        JsonNode node = new JsonArray();
        for (var i = random.Next(1, 60); i > 0; i--)
        {
            node = new JsonArray(node);
        }

        return node;
    }

    private static IEnumerable<(JsonNode Parent, string? Key, int Index)> Places(JsonNode? node) => node switch
    {
        JsonObject section => section.SelectMany(p => Places(p.Value).Prepend((section, p.Key, 0))),
        JsonArray list => list.SelectMany((p, i) => Places(p).Prepend((list, null, i))),
        _ => [],
    };
}

using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Actors.Engine.Tests.Configuration;

/// <summary>A configuration on one line: <c>{a:'text',b:['1'],c:{}}</c>.</summary>
internal static class HoconShow
{
    public static string Of(Config config) => Of(config.Root);

    /// <summary>Only some of the keys at the root.</summary>
    public static string Of(Config config, IEnumerable<string> keys) =>
        $"{{{string.Join(",", keys.Select(key => $"{key}:{Of(config.Root.GetObject().GetKey(key))}"))}}}";

    private static string Of(HoconValue value)
    {
        if (value.GetObject() is { } section)
            return $"{{{string.Join(",", section.Items.Select(item => $"{item.Key}:{Of(item.Value)}"))}}}";
        if (value.Values is [HoconArray array])
            return $"[{string.Join(",", array.Select(Of))}]";
        // Akka's parser leaves the gap before a comment as an element of its own.
        return $"'{(value.Values.Count == 1 ? value.Values[0].GetString() : value.GetString())}'";
    }
}

using System.Text.Json;
using System.Text.RegularExpressions;
using Actors.Host.Commands;

namespace Actors.Host.Scenarios;

/// <summary>One <c>--set key=value</c>: an assignment on top of the scenario's file.</summary>
/// <param name="Key">Full path, below <c>scenario</c> or <c>actors.engine</c>.</param>
/// <param name="Value">As given: a list in brackets, or else a text.</param>
internal sealed partial record SettingOverride(string Key, string Value)
{
    private const string PhasesPrefix = "scenario.phases.";

    private static readonly string[] Prefixes = ["scenario.", "actors.engine."];

    /// <summary>For <c>scenario.phases.NAME.key</c>: the phase's name and the key; otherwise null.</summary>
    public (string Phase, string Key)? InPhase
    {
        get
        {
            var parts = Key.StartsWith(PhasesPrefix, StringComparison.Ordinal) ? Key.Split('.') : [];
            return parts.Length == 4 ? (parts[2], parts[3]) : null;
        }
    }

    /// <summary>The value in HOCON. Everything but a list is quoted, so it need not be written in quotes.</summary>
    public string Literal => Value.StartsWith('[') ? Value : Quote(Value);

    /// <summary>The assignment in HOCON.</summary>
    public string Assignment => $"{Key} = {Literal}";

    /// <summary>Reads what stands after <c>--set</c>.</summary>
    /// <exception cref="UsageException">It is not an assignment to a key that a scenario may set.</exception>
    public static SettingOverride Parse(string text)
    {
        var equals = text.IndexOf('=');
        var key = (equals < 0 ? text : text[..equals]).Trim();
        if (equals < 0)
        {
            throw new UsageException($"--set {text}: has no value; write --set {key}=VALUE.");
        }

        if (!KeyPattern.IsMatch(key))
        {
            throw new UsageException(
                $"--set {text}: \"{key}\" is no key. Legal: names of letters, digits, - and _, joined by dots.");
        }

        if (!Prefixes.Any(p => key.StartsWith(p, StringComparison.Ordinal)))
        {
            throw new UsageException(
                $"--set {text}: \"{key}\" is not a setting of a run. Legal: keys that begin with scenario. or " +
                $"actors.engine.; for example --set scenario.{key}=... or --set actors.engine.{key}=...");
        }

        return new SettingOverride(key, text[(equals + 1)..].Trim());
    }

    /// <summary>A text as a quoted HOCON string.</summary>
    public static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    [GeneratedRegex(@"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$")]
    private static partial Regex KeyPattern { get; }
}

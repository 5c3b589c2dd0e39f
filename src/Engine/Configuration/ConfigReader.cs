using System.Globalization;
using System.Numerics;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Actors.Engine.Configuration;

/// <summary>
/// Strict reading of one section of a configuration. It knows its full path, so every error says which key, which
/// value, where it was written (when the configuration came from <see cref="HoconSource"/>) and what is legal; and it
/// remembers which keys were asked for, so that <see cref="RejectUnknown"/> can refuse the others.
/// </summary>
/// <example><code>
/// var reader = new ConfigReader(document.Config, "scenario");
/// var files = reader.GetInt("files", 1, 1_000_000);
/// var rate = reader.GetIntOrNull("rate", 1, int.MaxValue);
/// foreach (var phase in reader.GetSections("phases"))
///     operations.Add(phase.GetEnum&lt;Operation&gt;("operation"));
/// reader.RejectUnknown();
/// </code></example>
/// <remarks>
/// Each <c>Get</c> throws <see cref="FileEngineConfigurationException"/> when the key is absent or its value is not
/// legal; the <c>OrNull</c> form answers null when it is absent. Limits are inclusive. Keys are those of this section,
/// never dotted paths. Akka's own getters are not used: they read an absent int as 0 and refuse common units.
/// </remarks>
public sealed partial class ConfigReader
{
    private readonly Dictionary<string, HoconValue> _values;
    private readonly SortedSet<string> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConfigReader> _sections = [];
    private readonly string? _position;

    /// <summary>Reads the section at <paramref name="path"/>; an absent one reads as empty.</summary>
    /// <param name="config">The whole configuration.</param>
    /// <param name="path">From the root, e.g. <c>actors.engine</c>; empty for the root itself.</param>
    /// <exception cref="FileEngineConfigurationException">There is something else than a section.</exception>
    public ConfigReader(Config config, string path)
        : this(HoconPath.Find((config ?? throw new ArgumentNullException(nameof(config))).Root, path), path)
    {
    }

    private ConfigReader(HoconValue? value, string path)
    {
        Path = path;
        _position = PositionOf(value);
        _values = value?.GetObject()?.Items ?? [];
        if (value is { IsEmpty: false } && !value.IsObject())
            throw new FileEngineConfigurationException($"{Describe(path, value)}: must be a section in braces.");
    }

    private delegate bool TryParse<T>(string text, out T value);

    /// <summary>The section's full path.</summary>
    public string Path { get; }

    /// <summary>The keys that the section has, whether asked for or not.</summary>
    public IReadOnlyCollection<string> Keys => _values.Keys;

    /// <summary>Whether the key has a value. Counts as asking for it.</summary>
    public bool Has(string key)
    {
        _known.Add(key);
        return _values.ContainsKey(key);
    }

    /// <summary>Lets a key pass with whatever is in it: somebody else reads it.</summary>
    public void Skip(string key) => _known.Add(key);

    /// <summary>Where the key was assigned, e.g. <c>seed.conf:12:3</c>; null when it is not known.</summary>
    public string? PositionOf(string key) => PositionOf(_values.GetValueOrDefault(key));

    /// <summary>A text, exactly as written.</summary>
    public string GetString(string key) => Read(key, "a text", (string text, out string value) =>
    {
        value = text;
        return true;
    });

    /// <summary>One of several names.</summary>
    public string GetChoice(string key, params IReadOnlyCollection<string> names) =>
        Read(key, OneOf(names), (string text, out string value) => names.Contains(value = text));

    /// <summary>One of an enumeration's names, in kebab case: <c>DataSync</c> is <c>data-sync</c>.</summary>
    public T GetEnum<T>(string key)
        where T : struct, Enum
    {
        // By names: what is generic over an enumeration is compiled anew by each process.
        var names = Enum.GetNames(typeof(T));
        var kebabs = Array.ConvertAll(names, KebabCase.Of);
        return (T)Enum.Parse(typeof(T), names[Array.IndexOf(kebabs, GetChoice(key, kebabs))]);
    }

    /// <summary><c>on</c>, <c>true</c>, <c>yes</c>; or <c>off</c>, <c>false</c>, <c>no</c>.</summary>
    public bool GetBool(string key) => Read(key, "on or off", (string text, out bool value) =>
        (value = text is "on" or "true" or "yes") || text is "off" or "false" or "no");

    /// <summary>A whole number.</summary>
    public int GetInt(string key, int min, int max, bool powerOfTwo = false) => (int)GetLong(key, min, max, powerOfTwo);

    /// <summary>A whole number.</summary>
    public long GetLong(string key, long min, long max, bool powerOfTwo = false) =>
        Read(key, WholeNumber(min, max, powerOfTwo), (string text, out long value) =>
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
            && value >= min && value <= max && (!powerOfTwo || BitOperations.IsPow2(value)));

    /// <summary>A whole number; null for <c>auto</c>.</summary>
    public int? GetIntOrAuto(string key, int min, int max)
    {
        var legal = $"auto, or {WholeNumber(min, max, powerOfTwo: false)}";
        return Read(key, legal, (string text, out int? value) =>
        {
            var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            value = isNumber ? number : null;
            return isNumber ? number >= min && number <= max : text == "auto";
        });
    }

    /// <summary>A size in bytes: <c>512</c>, <c>4k</c>, <c>64KiB</c>, <c>1.5MiB</c>; <c>kB</c> and <c>MB</c> are
    /// powers of 1000.</summary>
    public long GetBytes(string key, long min, long max, bool powerOfTwo = false)
    {
        var legal = $"a size{(powerOfTwo ? ", a power of two," : "")} "
            + $"{Range(ByteSizeText.Format(min), max == long.MaxValue ? null : ByteSizeText.Format(max))}; "
            + $"units: {ByteSizeText.Units}";
        return Read(key, legal, (string text, out long value) => ByteSizeText.TryParse(text, out value)
            && value >= min && value <= max && (!powerOfTwo || BitOperations.IsPow2(value)));
    }

    /// <summary>A size in bytes that fits an int.</summary>
    public int GetBytes(string key, int min, int max, bool powerOfTwo = false) =>
        (int)GetBytes(key, (long)min, max, powerOfTwo);

    /// <summary>A size in bytes; null for <c>auto</c>.</summary>
    public long? GetBytesOrAuto(string key, long min, long max)
    {
        var legal = $"auto, or a size {Range(ByteSizeText.Format(min), ByteSizeText.Format(max))}; "
            + $"units: {ByteSizeText.Units}";
        return Read(key, legal, (string text, out long? value) =>
        {
            var isSize = ByteSizeText.TryParse(text, out var size);
            value = isSize ? size : null;
            return isSize ? size >= min && size <= max : text == "auto";
        });
    }

    /// <summary>A duration with its unit: <c>10us</c>, <c>500ms</c>, <c>2s</c>; or <c>0</c>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="min">The shortest.</param>
    /// <param name="max">The longest.</param>
    /// <param name="allowInfinite">Whether <c>infinite</c> is legal too; it reads as
    /// <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    public TimeSpan GetDuration(string key, TimeSpan min, TimeSpan max, bool allowInfinite = false)
    {
        var legal = $"a duration {Range(DurationText.Format(min), DurationText.Format(max))}"
            + $"{(allowInfinite ? ", or infinite" : "")}; units: {DurationText.Units}";
        return Read(key, legal, (string text, out TimeSpan value) =>
        {
            var isInfinite = allowInfinite && text == "infinite";
            var isFinite = DurationText.TryParse(text, out value) && value >= min && value <= max;
            value = isInfinite ? Timeout.InfiniteTimeSpan : value;
            return isInfinite || isFinite;
        });
    }

    /// <summary>A list of texts, which may be empty.</summary>
    public IReadOnlyList<string> GetStringList(string key)
    {
        const string Legal = "a list of texts, [ a, b ]";
        return [.. ItemsOf(key, Legal).Select(item => TextOf(item) ?? throw Fault(key, $"must be {Legal}"))];
    }

    /// <summary>A section below this one. Its unknown keys are refused with those of this one.</summary>
    public ConfigReader GetSection(string key) => Open(Find(key, "a section"), SubPath(key));

    /// <summary>A list of sections, <c>[ { ... }, { ... } ]</c>, which may be empty.</summary>
    public IReadOnlyList<ConfigReader> GetSections(string key) =>
        [.. ItemsOf(key, "a list of sections, [ { ... } ]").Select((item, i) =>
            Open(item, HoconPath.Append(SubPath(key), i)))];

    /// <summary>An exception about a key, to throw: key, value, place, and the problem.</summary>
    /// <param name="key">The key.</param>
    /// <param name="problem">What is wrong and what is legal, e.g. <c>must not exceed files = 3</c>; without a full
    /// stop.</param>
    public FileEngineConfigurationException Fault(string key, string problem) => new($"{Describe(key)}: {problem}.");

    /// <summary>Key, value and place, for messages: <c>actors.engine.shards = 0 (seed.conf:3:5)</c>.</summary>
    public string Describe(string key) => Describe(SubPath(key), _values.GetValueOrDefault(key));

    // One reader a section, so that what is asked for in several places counts together.
    private ConfigReader Open(HoconValue value, string path)
    {
        if (!_sections.TryGetValue(path, out var section))
            _sections.Add(path, section = new ConfigReader(value, path));
        return section;
    }

    private T Read<T>(string key, string legal, TryParse<T> tryParse)
    {
        var text = TextOf(Find(key, legal));
        return text is not null && tryParse(text, out var value) ? value : throw Fault(key, $"must be {legal}");
    }

    private IEnumerable<HoconValue> ItemsOf(string key, string legal)
    {
        var value = Find(key, legal);
        return value.Values is [HoconArray, ..] ? HoconPath.ItemsOf(value) : throw Fault(key, $"must be {legal}");
    }

    private HoconValue Find(string key, string legal)
    {
        if (Has(key))
            return _values[key];
        var place = _position is null ? "" : $" in the section at {_position}";
        var typo = KeySuggestion.For(key, _values.Keys.Except(_known)) is { } similar
            ? $" Is {SubPath(similar)} a typing error?"
            : "";
        throw new FileEngineConfigurationException($"{SubPath(key)} is not set{place}: must be {legal}.{typo}");
    }

    private string SubPath(string key) => HoconPath.Append(Path, key);

    // What Akka's parser made of "text  # comment" ends with a gap of its own; GetString would trim the text itself.
    private static string? TextOf(HoconValue value) => !value.IsString() ? null
        : string.Concat(value.Values.Select(part => part.GetString()).Reverse()
            .SkipWhile((part, i) => i < value.Values.Count - 1 && string.IsNullOrWhiteSpace(part)).Reverse());

    private static string? PositionOf(HoconValue? value) =>
        value?.Values is [IPositionedElement element] ? element.Position.ToString() : null;

    private static string Describe(string path, HoconValue? value)
    {
        if (value is null)
            return path;
        var shown = TextOf(value) is { } text ? Show(text) : value.IsObject() ? "{ ... }" : "[ ... ]";
        return PositionOf(value) is { } position ? $"{path} = {shown} ({position})" : $"{path} = {shown}";
    }

    private static string Show(string text)
    {
        var cut = text.Length <= 60 ? text : $"{text[..60]}...";
        var isPlain = cut.Length > 0 && !cut.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));
        return isPlain ? cut : $"\"{string.Concat(cut.Select(c => char.IsControl(c) ? '?' : c))}\"";
    }

    private static string OneOf(IEnumerable<string> names) => $"one of {string.Join(", ", names)}";

    private static string Range(string min, string? max) => max is null ? $"of {min} or more" : $"from {min} to {max}";

    private static string WholeNumber(long min, long max, bool powerOfTwo)
    {
        var range = Range(
            min.ToString(CultureInfo.InvariantCulture),
            max is int.MaxValue or long.MaxValue ? null : max.ToString(CultureInfo.InvariantCulture));
        return powerOfTwo ? $"a power of two {range}" : $"a whole number {range}";
    }
}

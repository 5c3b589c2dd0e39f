namespace Actors.Engine.Configuration;

/// <content>Keys that may be absent: <c>reader.GetIntOrNull("rate", 1, 1000) ?? 10</c>.</content>
public sealed partial class ConfigReader
{
    /// <summary>As <see cref="GetString"/>; null when absent.</summary>
    public string? GetStringOrNull(string key) => Has(key) ? GetString(key) : null;

    /// <summary>As <see cref="GetChoice"/>; null when absent.</summary>
    public string? GetChoiceOrNull(string key, params IReadOnlyCollection<string> names) =>
        Has(key) ? GetChoice(key, names) : null;

    /// <summary>As <see cref="GetEnum{T}"/>; null when absent.</summary>
    public T? GetEnumOrNull<T>(string key)
        where T : struct, Enum => Has(key) ? GetEnum<T>(key) : null;

    /// <summary>As <see cref="GetBool"/>; null when absent.</summary>
    public bool? GetBoolOrNull(string key) => Has(key) ? GetBool(key) : null;

    /// <summary>As <see cref="GetInt"/>; null when absent.</summary>
    public int? GetIntOrNull(string key, int min, int max, bool powerOfTwo = false) =>
        Has(key) ? GetInt(key, min, max, powerOfTwo) : null;

    /// <summary>As <see cref="GetLong"/>; null when absent.</summary>
    public long? GetLongOrNull(string key, long min, long max, bool powerOfTwo = false) =>
        Has(key) ? GetLong(key, min, max, powerOfTwo) : null;

    /// <summary>As <see cref="GetBytes(string, long, long, bool)"/>; null when absent.</summary>
    public long? GetBytesOrNull(string key, long min, long max, bool powerOfTwo = false) =>
        Has(key) ? GetBytes(key, min, max, powerOfTwo) : null;

    /// <summary>As <see cref="GetBytes(string, int, int, bool)"/>; null when absent.</summary>
    public int? GetBytesOrNull(string key, int min, int max, bool powerOfTwo = false) =>
        Has(key) ? GetBytes(key, min, max, powerOfTwo) : null;

    /// <summary>As <see cref="GetDuration"/>; null when absent.</summary>
    public TimeSpan? GetDurationOrNull(string key, TimeSpan min, TimeSpan max, bool allowInfinite = false) =>
        Has(key) ? GetDuration(key, min, max, allowInfinite) : null;

    /// <summary>As <see cref="GetStringList"/>; null when absent.</summary>
    public IReadOnlyList<string>? GetStringListOrNull(string key) => Has(key) ? GetStringList(key) : null;

    /// <summary>As <see cref="GetSection"/>; null when absent.</summary>
    public ConfigReader? GetSectionOrNull(string key) => Has(key) ? GetSection(key) : null;

    /// <summary>As <see cref="GetSections"/>; null when absent.</summary>
    public IReadOnlyList<ConfigReader>? GetSectionsOrNull(string key) => Has(key) ? GetSections(key) : null;
}

using Actors.Engine.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Actors.Engine;

/// <summary>
/// A section of .NET's configuration that <see cref="FileEngineOptions"/> are read from. The binder passes over what it
/// does not know; here a key without effect is an error, as it is in HOCON.
/// </summary>
/// <param name="section">The section; null where there is no configuration.</param>
/// <param name="isDefault">True for the section that is read without being named in code.</param>
internal sealed class OptionsSection(IConfiguration? section, bool isDefault) : IConfigureOptions<FileEngineOptions>
{
    /// <summary>The section that is read if there is one.</summary>
    public const string DefaultName = "FileEngine";

    private static readonly string[] Legal =
    [
        .. typeof(FileEngineOptions).GetProperties()
            .Where(property => !property.PropertyType.IsInterface)
            .Select(property => property.Name),
    ];

    public bool IsDefault => isDefault;

    public void Configure(FileEngineOptions options)
    {
        Check(section);
        section?.Bind(options);
    }

    /// <summary>Refuses keys that are not those of <see cref="FileEngineOptions"/>.</summary>
    /// <exception cref="FileEngineConfigurationException">Each such key with its full path, and what is legal; one a
    /// line.</exception>
    public static void Check(IConfiguration? section)
    {
        if (section is null)
        {
            return;
        }

        var path = (section as IConfigurationSection)?.Path;
        var problems = section.GetChildren().Select(Problem).OfType<string>().ToList();
        if ((section as IConfigurationSection)?.Value is { Length: > 0 } value)
        {
            problems.Add($"{path} = {value}: must be a section.");
        }

        if (problems.Count > 0)
        {
            problems.Add($"Legal: {string.Join(", ", Legal.Select(key => Join(path, key)))}.");
            throw new FileEngineConfigurationException(string.Join(Environment.NewLine, problems));
        }

        string? Problem(IConfigurationSection key) =>
            !Legal.Contains(key.Key, StringComparer.OrdinalIgnoreCase)
                ? $"{key.Path} is not a known key.{Meant(path, key.Key)}"
            : key.GetChildren().Any() ? $"{key.Path} must be a value, and is a section."
            : null;
    }

    private static string Meant(string? path, string key) =>
        KeySuggestion.For(key, Legal) is { } meant ? $" Did you mean {Join(path, meant)}?" : "";

    private static string Join(string? path, string key) => string.IsNullOrEmpty(path) ? key : $"{path}:{key}";
}

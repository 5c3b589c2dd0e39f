using Akka.Configuration;

namespace Actors.Engine.Configuration;

/// <summary>A checked HOCON document: what <see cref="HoconSource"/> answers.</summary>
public sealed class HoconDocument
{
    internal HoconDocument(Config config) => Config = config;

    /// <summary>
    /// The document for Akka, includes and substitutions resolved. Its values remember where they were written, also
    /// after a merge with other configurations: a <see cref="ConfigReader"/> names file and line by itself.
    /// </summary>
    public Config Config { get; }

    /// <summary>Where a key was assigned, e.g. <c>seed.conf:12:3</c>; null when the document lacks it.</summary>
    /// <param name="path">From the root: <c>scenario.phases[0].name</c>; a key with other characters than letters,
    /// digits, <c>-</c> and <c>_</c> in quotes.</param>
    public string? PositionOf(string path) => PositionOf(Config, path);

    internal static string? PositionOf(Config config, string path) =>
        HoconPath.Find(config.Root, path)?.Values is [IPositionedElement element] ? element.Position.ToString() : null;
}

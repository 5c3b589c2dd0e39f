namespace Actors.Engine.Configuration;

/// <content>What was written but never asked for.</content>
public sealed partial class ConfigReader
{
    /// <summary>
    /// Refuses keys of this section, and of the sections read through it, that nobody asked for. Call it last: a key
    /// with a typing error would otherwise be without effect and without notice.
    /// </summary>
    /// <exception cref="FileEngineConfigurationException">Each such key with its full path, place, and what may have
    /// been meant; one a line.</exception>
    public void RejectUnknown()
    {
        var everything = Tree().ToList();
        var problems = everything
            .SelectMany(section => section._values.Keys.Except(section._known)
                .Select(key => section.UnknownKey(key, everything)))
            .ToList();
        if (problems.Count > 0)
            throw new FileEngineConfigurationException(string.Join(Environment.NewLine, problems));
    }

    private IEnumerable<ConfigReader> Tree() => _sections.Values.SelectMany(section => section.Tree()).Prepend(this);

    private string UnknownKey(string key, List<ConfigReader> everything)
    {
        var place = PositionOf(key) is { } position ? $" ({position})" : "";
        var elsewhere = everything.Find(section => section._known.Contains(key));
        var meant = KeySuggestion.For(key, _known) is { } sibling ? SubPath(sibling) : elsewhere?.SubPath(key);
        var remedy = meant is null ? $"Legal here: {string.Join(", ", _known)}." : $"Did you mean {meant}?";
        return $"{SubPath(key)}{place} is not a known key. {remedy}";
    }
}

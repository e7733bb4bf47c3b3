using System.Collections;

namespace Macp.Testing.Exploring;

/// <summary>The states that an exploration has found, and which leads to which.</summary>
sealed class StateGraph : IReadOnlyList<StateNode>
{
    readonly List<StateNode> _nodes = [];
    readonly Dictionary<string, StateNode> _known = new(StringComparer.Ordinal);

    public int Count => _nodes.Count;

    public StateNode this[int index] => _nodes[index];

    /// <summary>Whether a state was left out because there were too many.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>Notes that a message leads from one state to the one of this key. Answers the latter when it is new.</summary>
    public StateNode? Reach(string key, StateNode? from, ExploredMessage? by, int most)
    {
        if (_known.TryGetValue(key, out var known))
        {
            known.Predecessors.Add(from!);
            return null;
        }
        if (_nodes.Count >= most)
        {
            IsCutOff = from!.LeadsOut = true;
            return null;
        }
        var node = new StateNode(from, by);
        if (from is not null) node.Predecessors.Add(from);
        _nodes.Add(node);
        _known.Add(key, node);
        return node;
    }

    /// <summary>The states from which none can be reached that is committed, or of which it is not known what follows.</summary>
    public HashSet<StateNode> FindDead()
    {
        var dead = new HashSet<StateNode>(_nodes);
        var alive = new Stack<StateNode>(_nodes.Where(node => node.IsCommitted || !node.IsExplored || node.LeadsOut));
        while (alive.TryPop(out var node))
            if (dead.Remove(node))
                foreach (var before in node.Predecessors) alive.Push(before);
        return dead;
    }

    public IEnumerator<StateNode> GetEnumerator() => _nodes.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>A state, as the way there.</summary>
sealed class StateNode(StateNode? from, ExploredMessage? by)
{
    public StateNode? From { get; } = from;

    public int Depth { get; } = from is null ? 0 : from.Depth + 1;

    public List<StateNode> Predecessors { get; } = [];

    /// <summary>What can still come due.</summary>
    public List<ExploredMessage> Pending { get; set; } = [];

    public bool IsCommitted { get; set; }

    public bool IsExplored { get; set; }

    public bool LeadsOut { get; set; }

    /// <summary>The messages that lead here: a shortest way.</summary>
    public List<ExploredMessage> Path()
    {
        var path = new List<ExploredMessage>(Depth);
        for (var node = this; node.From is not null; node = node.From) path.Add(node.By!);
        path.Reverse();
        return path;
    }

    ExploredMessage? By { get; } = by;
}

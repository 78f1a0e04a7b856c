"""Playlists keep their order, and open nobody a clip that is not shared with them."""

import pytest

from assist.coaching import clips, playlists
from assist.coaching.playlists import NoName, TooManyClips
from assist.errors import AccessDenied, NotFound


@pytest.fixture
def three(store, lead, judged, agent):
    call = judged(agent, "agent: 您好", "customer: 喂", "agent: 再见")
    return [clips.add(store, lead, call.id, 0, 4, f"第{number}段", shared="team").id for number in range(3)]


@pytest.fixture
def playlist(store, lead, three):
    made = playlists.create(store, lead, "新人必听", shared="team")
    for clip_id in three:
        playlists.put(store, lead, made.id, clip_id)
    return made.id


def order(store, user, playlist):
    return [clip.id for clip in playlists.get(store, user, playlist).clips]


def test_clips_stand_in_the_order_they_came(store, lead, playlist, three):
    playlists.put(store, lead, playlist, three[0])
    assert order(store, lead, playlist) == three
    shown = playlists.listing(store, lead)[0]
    assert (shown.clips, shown.seconds, shown.team) == (3, 12.0, "一组")


def test_the_order_can_be_changed(store, lead, playlist, three):
    first, second, third = three
    playlists.move(store, lead, playlist, third, -1)
    assert order(store, lead, playlist) == [first, third, second]
    playlists.move(store, lead, playlist, first, -1)
    playlists.order(store, lead, playlist, [second, 999, third])
    assert order(store, lead, playlist) == [second, third, first]
    playlists.take_out(store, lead, playlist, third)
    assert order(store, lead, playlist) == [second, first]


def test_a_team_hears_the_playlist_and_others_do_not(store, agent, outsider, playlist, three):
    assert order(store, agent, playlist) == three
    with pytest.raises(NotFound):
        playlists.get(store, outsider, playlist)


def test_a_clip_that_is_not_shared_stays_closed_in_a_shared_playlist(store, lead, agent, playlist, three):
    clips.share(store, lead, three[1], "nobody")
    opened = playlists.get(store, agent, playlist)
    assert ([clip.id for clip in opened.clips], opened.closed) == ([three[0], three[2]], 1)


def test_nobody_changes_the_playlist_of_another(store, agent, outsider, playlist, three):
    for user in (agent, outsider):
        for attempt in (playlists.remove, lambda s, u, p: playlists.take_out(s, u, p, three[0])):
            with pytest.raises(NotFound):
                attempt(store, user, playlist)


def test_agents_keep_playlists_for_themselves(store, agent, other_agent):
    with pytest.raises(AccessDenied):
        playlists.create(store, agent, "我的", shared="team")
    playlists.create(store, agent, "我的")
    assert not playlists.listing(store, other_agent)


def test_a_playlist_has_a_name(store, lead, playlist):
    with pytest.raises(NoName):
        playlists.create(store, lead, " ")
    assert playlists.change(store, lead, playlist, "改名").title == "改名"


def test_a_removed_clip_leaves_its_playlists(store, lead, playlist, three):
    clips.remove(store, lead, three[0])
    assert order(store, lead, playlist) == three[1:]
    playlists.remove(store, lead, playlist)
    assert clips.get(store, lead, three[1]).id == three[1]


def test_a_playlist_does_not_grow_for_ever(store, lead, playlist, three, monkeypatch):
    monkeypatch.setattr(playlists, "MOST_CLIPS", 3)
    more = clips.add(store, lead, 1, 0, 1, "第四段").id
    with pytest.raises(TooManyClips):
        playlists.put(store, lead, playlist, more)
